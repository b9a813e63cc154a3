/** Over plain http from another machine, where a browser withholds what it keeps for secure pages: every action works all the same. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumMissing } from "../harness/chromium.ts";
import { type ClientBrowser, openBrowser } from "../harness/client-page.ts";
import { type CuttingProxy, startCuttingProxy } from "../harness/cutting-proxy.ts";
import { type SimulatedApp, startSimulatedApp } from "../harness/simulated-app.ts";

const missing = chromiumMissing();
const never = 2 ** 30;

describe.skipIf(missing)(`the client over plain http (${missing ?? "Chromium"})`, () => {
  let proxy: CuttingProxy;
  let simulated: SimulatedApp;
  let browser: ClientBrowser;

  beforeAll(async () => {
    const hosts = [{ name: "alpha", vms: [{ name: "web", power: "OFF" }] }] as const;
    proxy = await startCuttingProxy({
      targetPort: () => Number(new URL(simulated.url).port),
      nextBreak: () => ({ afterMs: never, afterBytes: never }),
    });
    const env = { ALLOWED_HOSTS: `ecoman.lab:${proxy.port}` };
    [simulated, browser] = await Promise.all([
      startSimulatedApp({ hosts, env }),
      openBrowser(["--host-resolver-rules=MAP ecoman.lab 127.0.0.1"]),
    ]);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await proxy.close();
    await simulated[Symbol.asyncDispose]();
  });

  const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

  test("switches, answers, creates, and says how to copy", async () => {
    const url = `http://ecoman.lab:${proxy.port}`;
    const { page, complaints } = await browser.open(`${url}/vms`);
    expect(await page.evaluate("isSecureContext")).toBe(false);
    const host = simulated.simulator.host("alpha");
    host.askAtPowerOn(host.vms()[0]?.vmid ?? 0);
    await page.getByRole("checkbox", { name: "Select web" }).click();
    await page.getByRole("button", { name: "Power on" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Power on" }).click();
    await page.locator(".results").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "web", exact: true }).click();
    await page.locator(".vm-choices button", { hasText: "suggested" }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Answer: / })
      .click();
    await page.getByText("On", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Copy the IP address" }).first().click();
    await page.getByRole("status").filter({ hasText: "Select it and press Ctrl+C" }).waitFor();
    await page.goto(`${url}/create?node=alpha&name=fresh`);
    await page.getByRole("group", { name: "Commands" }).waitFor();
    await page.getByRole("button", { name: "Create fresh" }).click();
    await page.getByRole("heading", { name: "Created fresh on alpha" }).waitFor();
    await page.getByRole("link", { name: "All VMs" }).click();
    await row(page, "fresh").waitFor();
    // A header that only secure pages heed.
    expect(complaints.filter((text) => !text.includes("Cross-Origin-Opener-Policy"))).toEqual([]);
  });
});
