/** The web client as somebody sees it: one browser, and a page on the address of an app. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";

export interface ClientBrowser {
  /** A page in a profile of its own, as another person would open it. Anything it complains of is kept. */
  open(url: string, options?: BrowserContextOptions): Promise<ClientPage>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ClientPage {
  readonly page: Page;
  /** Errors of scripts, and what the content security policy refused. Lost connections are no complaint. */
  readonly complaints: readonly string[];
}

/** `flags`: of Chromium, besides the usual ones. */
export async function openBrowser(flags: readonly string[] = []): Promise<ClientBrowser> {
  const browser: Browser = await launchChromium(flags);
  return {
    async open(url, options = {}) {
      const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("pageerror", ({ message }) => complaints.push(message));
      page.on("console", (message) => {
        if (message.type() === "error" && !/WebSocket|ERR_|Failed to load resource/.test(message.text()))
          complaints.push(message.text());
      });
      await page.goto(url);
      return { page, complaints };
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** What stands in the named column of the rows that are drawn, from top to bottom. */
export async function columnTexts(page: Page, column: string): Promise<readonly string[]> {
  const cells = await page
    .locator(`.grid-body .row .cell[data-column=${column}]`)
    .evaluateAll((all) => all.map((cell) => ({ text: cell.textContent ?? "", top: cell.getBoundingClientRect().top })));
  return cells.toSorted((a, b) => a.top - b.top).map(({ text }) => text.trim());
}
