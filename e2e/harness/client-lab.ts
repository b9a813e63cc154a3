/** One app and one browser for the tests of a file, and a page for each test. What a page complains of fails its test. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type ClientBrowser, type ClientPage, openBrowser } from "./client-page.ts";
import type { SimulatedApp } from "./simulated-app.ts";

export interface ClientLab {
  readonly simulated: SimulatedApp;
  readonly browser: ClientBrowser;
  /** The test's page, at a path of the app. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
}

/** To be called within a `describe`: it registers what comes before and after its tests. */
export function useClientLab(start: () => Promise<SimulatedApp>): ClientLab {
  let simulated: SimulatedApp;
  let browser: ClientBrowser;
  let opened: ClientPage | undefined;

  beforeAll(async () => {
    [simulated, browser] = await Promise.all([start(), openBrowser()]);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await simulated[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    const last = opened;
    opened = undefined;
    expect(last?.complaints).toEqual([]);
    await last?.page.context().close();
  });

  return {
    get simulated() {
      return simulated;
    },
    get browser() {
      return browser;
    },
    async open(path, options = {}) {
      opened = await browser.open(`${simulated.url}${path}`, options);
      return opened.page;
    },
  };
}
