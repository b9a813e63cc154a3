/** The client stays true while the fleet changes, the line breaks, and the server goes away and comes back. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumMissing } from "../harness/chromium.ts";
import { type ClientBrowser, type ClientPage, columnTexts, openBrowser } from "../harness/client-page.ts";
import { type CuttingProxy, startCuttingProxy } from "../harness/cutting-proxy.ts";
import { watchDrawing } from "../harness/drawing.ts";
import { query } from "../harness/graphql.ts";
import { type SimulatedApp, startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";

const missing = chromiumMissing();
const never = 2 ** 30;

describe.skipIf(missing)(`the live client (${missing ?? "Chromium"})`, () => {
  let proxy: CuttingProxy;
  let simulated: SimulatedApp;
  let browser: ClientBrowser;
  let opened: ClientPage;
  let page: Page;

  beforeAll(async () => {
    proxy = await startCuttingProxy({
      targetPort: () => Number(new URL(simulated.url).port),
      nextBreak: () => ({ afterMs: never, afterBytes: never }),
    });
    const env = { ALLOWED_HOSTS: `127.0.0.1:${proxy.port}` };
    [simulated, browser] = await Promise.all([startSimulatedApp({ hosts: 2, vmsPerHost: 6, env }), openBrowser()]);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await proxy.close();
    await simulated[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    expect(opened.complaints).toEqual([]);
    await page.context().close();
  });

  async function open(): Promise<void> {
    opened = await browser.open(`http://127.0.0.1:${proxy.port}/vms`);
    page = opened.page;
    await live();
    await until(async () => (await columnTexts(page, "name")).length === simulatedVms().length);
  }

  const live = () => page.getByText("Live", { exact: true }).waitFor();
  const lost = () => page.getByText("Connection lost").waitFor();
  const simulatedVms = () => simulated.simulator.hosts.flatMap((host) => host.vms());
  const isOld = () =>
    page.locator("main").evaluate((main) => "old" in (main as unknown as { dataset: object }).dataset);
  const nameIsThere = (name: string) => page.getByRole("link", { name, exact: true }).waitFor();

  test("a change on a host arrives by itself and draws only the cells it touches", async () => {
    await open();
    const host = simulated.simulator.host("esx01");
    const { vmid, name } = host.addVm({ name: "watched", power: "OFF", note: "", numCpu: 2, memoryMb: 1024 });
    // A VM is listed before it is read.
    await page.locator(".row", { hasText: name }).locator("[data-column=storage]", { hasText: /\d/ }).waitFor();
    const drawing = await watchDrawing(page);
    host.changeVm(vmid, { note: "touched" });
    await page.getByText("touched", { exact: true }).waitFor();
    // Uptimes tick by themselves.
    const drawn = (await drawing.cells()).filter((cell) => !cell.endsWith(" uptime"));
    expect(drawn).toEqual(["watched comment"]);
    host.removeVm(vmid);
    await page.getByRole("link", { name, exact: true }).waitFor({ state: "detached" });
  });

  test("what one switches, another one sees without a reload", async ({ annotate }) => {
    await open();
    const host = simulated.simulator.host("esx02");
    const { name, vmid } = host.addVm({ name: "shared", power: "OFF", note: "" });
    await nameIsThere(name);
    const other = await browser.open(`${simulated.url}/vms?q=shared`);
    await other.page.getByRole("checkbox", { name: "Select shared" }).click();
    await other.page.getByRole("button", { name: "Power on" }).click();
    // Behind the dialog the rows are no part of what screen readers see.
    const shown = (each: Page) =>
      each.locator(".row", { hasText: "shared" }).getByText("On", { exact: true }).waitFor();
    await other.page.getByRole("dialog").getByRole("button", { name: "Power on" }).click();
    const askedAt = performance.now();
    const [here, there] = await Promise.all(
      [page, other.page].map(async (each) => {
        await shown(each);
        return Math.round(performance.now() - askedAt);
      }),
    );
    await annotate(`shown after ${here} ms; to the one who asked, after ${there} ms`);
    expect(host.vm(vmid).power).toBe("ON");
    expect(other.complaints).toEqual([]);
    await other.page.context().close();
  });

  test("a VM that is being created is a row with its progress, and then a VM", async () => {
    await open();
    const creating = page.getByRole("row").filter({ hasText: "Creating fresh on esx01" });
    const input = { node: "esx01", name: "fresh", isoPath: "", portGroup: "VM Network", datastore: "datastore1" };
    const create = "mutation ($input: CreateVmInput!) { createVm(input: $input) { userErrors { message } } }";
    const [answer] = await Promise.all([
      query<{ createVm: { userErrors: object[] } }>(simulated.url, create, { input }),
      creating.getByRole("progressbar", { name: "Progress" }).waitFor(),
    ]);
    expect(answer.createVm.userErrors).toEqual([]);
    await nameIsThere("fresh");
    await creating.waitFor({ state: "detached" });
  });

  test("a silent line is told, and heard again without a reload", async () => {
    await open();
    proxy.silence(true);
    await lost();
    expect(await isOld()).toBe(true);
    proxy.silence(false);
    await live();
    expect(await isOld()).toBe(false);
  });

  test("a server that goes away leaves the rows, and what changed meanwhile comes with it", async () => {
    await open();
    const drawing = await watchDrawing(page);
    await simulated.restart(async () => {
      await lost();
      simulated.simulator.host("esx01").addVm({ name: "meanwhile", note: "" });
    });
    await live();
    await nameIsThere("meanwhile");
    expect(await drawing.fewestRows()).toBeGreaterThanOrEqual(simulatedVms().length - 1);
  });

  test("rows of a lost host stay, grey, with their age, until it is back", async () => {
    await open();
    const host = simulated.simulator.host("esx02");
    const rows = page.locator(".grid-body .row[data-stale]");
    await host.stop();
    await until(async () => (await rows.count()) === host.vms().length, { what: "stale rows" });
    expect(await rows.first().textContent()).toMatch(/esx02seen (just now|\d+ s ago)/);
    await page.getByRole("button", { name: /^Stale/ }).click();
    await until(async () => (await columnTexts(page, "name")).length === host.vms().length);
    await host.start();
    await page.getByRole("heading", { name: "No VM matches" }).waitFor();
  });
});
