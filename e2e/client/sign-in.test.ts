/** The sign-in in a real browser, on a server with a token: in, out, and what happens when a session ends. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { axeViolations } from "../harness/axe.ts";
import { chromiumMissing } from "../harness/chromium.ts";
import { useClientLab } from "../harness/client-lab.ts";
import { type ClientBrowser } from "../harness/client-page.ts";
import { startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";

const token = "a-token-of-32-characters-or-more";
const missing = chromiumMissing();

describe.skipIf(missing)(`the sign-in (${missing ?? "Chromium"})`, () => {
  const lab = useClientLab(() => startSimulatedApp({ hosts: 1, vmsPerHost: 3, env: { ECOMAN_TOKEN: token } }));
  let page: Page;

  async function open(path: string, options: Parameters<ClientBrowser["open"]>[1] = {}): Promise<void> {
    page = await lab.open(path, options);
  }

  async function signedIn(path: string): Promise<void> {
    await open(path);
    await page.getByLabel("Token").fill(token);
    await page.keyboard.press("Enter");
    await live();
  }

  const live = () => page.getByText("Live", { exact: true }).waitFor();
  const dialog = () => page.getByRole("dialog", { name: "Your session has ended" });
  /** As it ends by itself, or in another tab. */
  const endSession = () => page.evaluate(`fetch("/session", { method: "DELETE" }).then(() => undefined)`);

  test("leads there and back, says what is wrong, and keeps what was typed, by keyboard alone", async () => {
    await open("/vms?q=web&dense");
    await page.waitForURL(/\/sign-in\?to=/);
    await page.getByRole("heading", { name: "Sign in to ECoMan" }).waitFor();
    expect(await page.title()).toBe("Sign in · ECoMan");
    const field = page.getByLabel("Token");
    expect(await field.getAttribute("autocomplete")).toBe("current-password");
    await until(async () => field.evaluate((input) => input === document.activeElement));
    await page.keyboard.type(`${token}x`);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "This is not the server's token." }).waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await field.inputValue()).toBe(`${token}x`);
    // It is selected: typing replaces it.
    await page.keyboard.type(token);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/vms\?q=web&dense/);
    await live();
    expect(await page.evaluate("document.cookie")).toBe("");
  });

  test("says who is signed in and signs out, and nothing of the fleet stays", async () => {
    await signedIn("/vms");
    await page.getByRole("row").nth(1).waitFor();
    await page.getByRole("button", { name: "Account" }).click();
    const panel = page.getByRole("dialog", { name: "Account" });
    await panel.getByText("Signed in with the server's token.").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await panel.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.getByRole("button", { name: "Account" }).count()).toBe(0);
    await page.goBack();
    await page.getByLabel("Token").waitFor();
    expect(await page.getByRole("row").count()).toBe(0);
  });

  test("a session that ends is told over the page, which goes on with what was typed", async () => {
    await signedIn("/vms");
    await page.keyboard.press("/");
    await page.keyboard.type("half a word");
    await page.evaluate("window.sameDocument = true");
    await endSession();
    await dialog().waitFor();
    await page.getByText("Your session has ended · what is shown may be old").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.type("wrong");
    await page.keyboard.press("Enter");
    await dialog().getByText("This is not the server's token.").waitFor();
    await page.keyboard.type(token);
    await page.keyboard.press("Enter");
    await dialog().waitFor({ state: "detached" });
    await live();
    expect(await page.evaluate("window.sameDocument")).toBe(true);
    const search = page.getByRole("searchbox");
    expect(await search.inputValue()).toBe("half a word");
    // The focus is back where it was.
    await until(async () => search.evaluate((input) => input === document.activeElement));
  });

  test("a session that ends over an open dialog leaves it as it is", async () => {
    await signedIn("/vms");
    await page.getByRole("grid").getByRole("link").first().click();
    await page.locator(".vm-power button:not([aria-disabled=true])").first().click();
    const asking = page.locator(".dialog", { hasNotText: "Token" });
    await asking.waitFor();
    const question = await asking.innerText();
    await endSession();
    await dialog().waitFor();
    await page.keyboard.type(token);
    await page.keyboard.press("Enter");
    await dialog().waitFor({ state: "detached" });
    await live();
    expect(await asking.innerText()).toBe(question);
    await page.keyboard.press("Escape");
    await asking.waitFor({ state: "detached" });
    expect(lab.simulated.simulator.actionLog).toEqual([]);
  });

  test("who wants to look first closes it, and signs in later", async () => {
    await signedIn("/vms");
    await page.getByRole("row").nth(1).waitFor();
    await endSession();
    await dialog().waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await page.getByRole("row").nth(1).waitFor();
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await dialog().getByLabel("Token").fill(token);
    await dialog().getByRole("button", { name: "Sign in" }).click();
    await live();
  });

  test("a session without its cookie ends with the next thing that is asked", async () => {
    await signedIn("/tasks");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Failed", exact: true }).click();
    await dialog().getByLabel("Token").fill(token);
    await page.keyboard.press("Enter");
    await live();
    expect(await page.getByRole("button", { name: "Failed", exact: true }).getAttribute("aria-pressed")).toBe("true");
  });

  test("a session is prolonged while somebody acts, and not more often than need be", async () => {
    await signedIn("/tasks");
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().endsWith("/session") && request.method() === "GET") asked += 1;
    });
    await page.keyboard.press("j");
    expect(asked).toBe(0);
    await page.clock.setSystemTime(Date.now() + 11 * 60_000);
    await page.keyboard.press("j");
    await until(() => asked === 1);
    await page.keyboard.press("j");
    await page.waitForTimeout(300);
    expect(asked).toBe(1);
  });

  test("who is in does not stay on the sign-in page, and is not led elsewhere", async () => {
    await signedIn("/vms");
    await page.goto(`${lab.simulated.url}/sign-in?to=%2F%2Fevil.lab%2Fx`);
    await page.waitForURL(`${lab.simulated.url}/vms`);
    await page.goto(`${lab.simulated.url}/sign-in?to=%2Ftasks`);
    await page.waitForURL(`${lab.simulated.url}/tasks`);
  });

  test("over plain HTTP from another machine it says how to come", async () => {
    await open("/sign-in");
    await page.route("http://ecoman.lab/**", async (route) => {
      const { pathname } = new URL(route.request().url());
      const response = await route.fetch({ url: `${lab.simulated.url}${pathname}`, headers: {} });
      // Chromium complains of it on such a page.
      const { "cross-origin-opener-policy": _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
    await page.goto("http://ecoman.lab/sign-in");
    await page.getByText("Nobody can sign in over plain HTTP from another machine:").waitFor();
    expect(await page.locator("pre").innerText()).toBe("ssh -L 80:localhost:80 ecoman.lab");
    expect(await page.getByLabel("Token").count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    // What the page still loads would meet its end.
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });

  test.each(["light", "dark"] as const)("has nothing that axe finds wrong, %s", async (colorScheme) => {
    await open("/sign-in", { colorScheme });
    await page.getByLabel("Token").waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  test("who guesses has to wait, and is told how long", async () => {
    await open("/sign-in");
    const field = page.getByLabel("Token");
    const button = page.getByRole("button", { name: /^Sign in/ });
    let status = 401;
    for (let guess = 0; status === 401; guess += 1) {
      await field.fill(`wrong-token-number-${guess}-is-long-enough`);
      const [response] = await Promise.all([page.waitForResponse(/\/session$/), page.keyboard.press("Enter")]);
      status = response.status();
      await until(async () => (await button.innerText()) !== "Signing in …");
    }
    expect(status).toBe(429);
    await page.getByText(/Too many wrong tokens were tried\. Try again in \d+ s\./).waitFor();
    expect(await button.innerText()).toMatch(/^Sign in \(in \d+ s\)$/);
    expect(await button.getAttribute("aria-disabled")).toBe("true");
    await until(async () => (await button.innerText()) === "Sign in");
    await field.fill(token);
    await page.keyboard.press("Enter");
    await live();
  });
});
