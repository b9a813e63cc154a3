/** The list of VMs in a real browser: found, filtered, ordered, selected, switched, and taken along as a file. */
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { axeViolations } from "../harness/axe.ts";
import { chromiumMissing } from "../harness/chromium.ts";
import { useClientLab } from "../harness/client-lab.ts";
import { type ClientBrowser, columnTexts } from "../harness/client-page.ts";
import { startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";

const hostile = `<img src=x onerror="document.title='taken'">`;
const plain = { numCpu: 1, memoryMb: 1024, committedBytes: 5e9, note: "", tools: "toolsOk" } as const;
const hosts = [
  {
    name: "alpha",
    vms: [
      { ...plain, name: "web1", power: "ON", note: "front", hostname: hostile },
      { ...plain, name: "web10", power: "ON", numCpu: 8 },
      { ...plain, name: "web2", power: "OFF", memoryMb: 16_384 },
      { ...plain, name: "db", power: "SUSPENDED", committedBytes: 200e9 },
    ],
  },
  {
    name: "beta",
    vms: [
      { ...plain, name: hostile, power: "OFF", note: hostile },
      { ...plain, name: "=1+1", power: "ON", numCpu: 4 },
    ],
  },
] as const;

const missing = chromiumMissing();

describe.skipIf(missing)(`the list of VMs (${missing ?? "Chromium"})`, () => {
  const lab = useClientLab(() => startSimulatedApp({ hosts }));
  let page: Page;

  async function open(search = "", options: Parameters<ClientBrowser["open"]>[1] = {}): Promise<void> {
    page = await lab.open(`/vms${search}`, options);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.locator(".grid-body .row").first().waitFor();
  }

  const names = () => columnTexts(page, "name");
  const namesToBe = (wanted: readonly string[]) =>
    until(async () => JSON.stringify(await names()) === JSON.stringify(wanted), { what: `rows ${wanted.join(", ")}` });

  test("shows every VM, what a host wrote as text, and marks by more than a colour", async () => {
    await open("?columns=name,cpu,comment,hostname");
    await namesToBe([hostile, "=1+1", "db", "web1", "web2", "web10"]);
    expect(await columnTexts(page, "comment")).toContain(hostile);
    expect(await columnTexts(page, "hostname")).toContain(hostile);
    expect(await page.title()).toBe("VMs · ECoMan");
    expect(await page.locator(".grid img").count()).toBe(0);
    const marked = page.getByRole("row").filter({ hasText: "web10" }).locator(".mark");
    expect(await marked.textContent()).toBe("8 at or above the limit");
    expect(await marked.getAttribute("title")).toContain("5 CPUs");
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("7");
  });

  test("searches while typing, by keyboard, and keeps it in the address", async () => {
    await open();
    await page.keyboard.press("/");
    await page.keyboard.type("FRONT");
    await namesToBe(["web1"]);
    await page.waitForURL(/\?q=FRONT$/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.waitForURL(/\/vms$/);
    await page.keyboard.press("/");
    await page.keyboard.type("no such");
    await page.getByRole("heading", { name: "No VM matches" }).waitFor();
    await page.getByRole("button", { name: "Show all VMs" }).click();
    await until(async () => (await names()).length === 6);
  });

  test("filters by power, limit and node, and a link brings the same view", async () => {
    await open();
    await page.getByRole("button", { name: /^Off 2/ }).click();
    await namesToBe([hostile, "web2"]);
    await page.getByRole("button", { name: /Marked 3/ }).click();
    await namesToBe(["web2"]);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("group", { name: "Filters" }).getByRole("button", { name: "Node" }).click();
    await page.getByRole("menuitemcheckbox", { name: /beta/ }).click();
    await namesToBe([hostile, "=1+1"]);
    await page.waitForURL(/\?node=beta$/);
    await page.context().close();
    await open("?over=storage&columns=name,datastore&dense");
    await namesToBe(["db"]);
    expect(await page.getByRole("columnheader").allTextContents()).toEqual(["", "Name", "Datastore"]);
  });

  test("orders by several columns and remembers it", async () => {
    await open();
    await page.getByRole("button", { name: "CPU", exact: true }).last().click();
    await page.getByRole("button", { name: "CPU", exact: true }).last().click();
    await page.getByRole("button", { name: "Name" }).click({ modifiers: ["Shift"] });
    await page.waitForURL(/sort=-cpu%2Cname$/);
    await namesToBe(["web10", "=1+1", hostile, "db", "web1", "web2"]);
    expect(await page.getByRole("columnheader", { name: "CPU" }).getAttribute("aria-sort")).toBe("descending");
    await page.goto(`${lab.simulated.url}/vms`);
    await namesToBe(["web10", "=1+1", hostile, "db", "web1", "web2"]);
  });

  test("follows a link that is clicked while it still notes the search in the address", async () => {
    await open();
    await page.route(/nodes-page-.*\.js$/, async (route) => {
      await delay(800);
      await route.continue();
    });
    const search = page.getByRole("searchbox");
    await search.fill("front");
    await page.getByRole("link", { name: "Nodes", exact: true }).click();
    await search.fill("db");
    await page.getByRole("heading", { level: 1, name: "Nodes" }).waitFor();
    await delay(500);
    expect(new URL(page.url()).pathname).toBe("/nodes");
    await page.getByRole("link", { name: "VMs", exact: true }).click();
    await namesToBe(["db"]);
    await page.waitForURL(/\/vms\?q=db$/);
  });

  test("gives what is shown as a file that no spreadsheet runs", async () => {
    await open("?power=ON&columns=name,cpu&sort=name");
    await until(async () => (await names()).length === 3);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^vms-\d{4}-\d\d-\d\d\.csv$/);
    const text = await readFile(await download.path(), "utf8");
    expect(text).toBe("\uFEFFName,CPUs\r\n'=1+1,4\r\nweb1,1\r\nweb10,8\r\n");
  });

  test("switches several by keyboard alone, one result each, and leaves out what can't", async () => {
    await open("?q=web");
    await namesToBe(["web1", "web2", "web10"]);
    for (const key of ["j", "x", "J", "J"]) await page.keyboard.press(key);
    await page.getByText("3 of 3 selected").waitFor();
    await page.keyboard.press("p");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toContain("Shut down");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Shut down 2 VMs" });
    await dialog.waitFor();
    expect(await dialog.textContent()).toMatch(/web1 \(up .+\).*web10 \(up .+\).*1 VM is left out:web2 is off\./);
    await page.keyboard.press("Enter");
    await page.getByText("2 of 2 done").waitFor();
    expect(await page.locator(".results").textContent()).toContain('VM "web10" on node alpha has shut down');
    await page.keyboard.press("Escape");
    await until(async () => (await columnTexts(page, "power")).every((power) => power === "Off"));
    expect(lab.simulated.simulator.actionLog.map(({ command }) => command)).toEqual([
      "vmsvc/power.shutdown",
      "vmsvc/power.shutdown",
    ]);
    await page.keyboard.press("Escape");
    await page.getByText(/selected/).waitFor({ state: "detached" });
  });

  test("on a phone shows what matters in two lines, and the same view", async () => {
    await open("", { viewport: { width: 390, height: 844 } });
    await page.getByLabel("Order").selectOption("-ram");
    await until(async () => (await names())[0] === "web2");
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test.each(["light", "dark"] as const)("has nothing that axe finds wrong, %s", async (colorScheme) => {
    await open("?columns=power,node,ip,ram,storage,comment", { colorScheme });
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("1 of 6 selected").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });
});
