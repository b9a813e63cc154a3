/** One VM in a real browser: what is shown of it, and that it stays true. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { axeViolations } from "../harness/axe.ts";
import { chromiumMissing } from "../harness/chromium.ts";
import { useClientLab } from "../harness/client-lab.ts";
import { type ClientBrowser } from "../harness/client-page.ts";
import { query } from "../harness/graphql.ts";
import { startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";
import { vmIds } from "../harness/vm-ids.ts";

const hostile = `<img src=x onerror="document.title='taken'">`;
const plain = { numCpu: 1, memoryMb: 1024, committedBytes: 5e9, note: "", tools: "toolsOk" } as const;
const hosts = [
  {
    name: "alpha",
    vms: [
      { ...plain, name: "web", power: "ON", numCpu: 8, note: "Owner: Anna\nfront", hostname: hostile },
      { ...plain, name: hostile, power: "OFF", note: `${hostile}\n${hostile}` },
      { ...plain, name: "passing", power: "OFF" },
    ],
  },
  { name: "beta", vms: [{ ...plain, name: "far", power: "ON" }] },
] as const;

const missing = chromiumMissing();

describe.skipIf(missing)(`the page of a VM (${missing ?? "Chromium"})`, () => {
  let ids: ReadonlyMap<string, string>;
  const lab = useClientLab(() => startSimulatedApp({ hosts }));
  let page: Page;

  beforeAll(async () => {
    ids = await vmIds(lab.simulated);
  });

  async function open(name: string, search = "", options: Parameters<ClientBrowser["open"]>[1] = {}): Promise<void> {
    page = await lab.open(`/vms/${ids.get(name) ?? name}${search}`, options);
    await page.getByText("Live", { exact: true }).waitFor();
  }

  /** What stands beside a label, on the tab that is shown or above it. */
  const fact = async (label: string) =>
    page
      .locator(".vm-fact", { has: page.locator("dt", { hasText: new RegExp(`^${label}$`) }) })
      .first()
      .locator("dd")
      .innerText();
  const heading = (name: string) => page.getByRole("heading", { level: 1, name }).waitFor();

  test("is reached from the list, and says first what matters", async () => {
    page = await lab.open(`/vms`);
    await page.getByRole("link", { name: "web", exact: true }).click();
    await heading("web");
    expect(await page.title()).toBe("web · ECoMan");
    const [vm] = lab.simulated.simulator.host("alpha").vms();
    expect(await fact("IP address")).toMatch(/^192\.0\.2\.\d+/);
    expect(await fact("RAM")).toBe("1 GB");
    expect(await fact("Health")).toBe("All is well");
    expect(await page.locator(".vm-quick .mark").innerText()).toMatch(/^8/);
    expect(await page.locator(".vm-quick .mark").getAttribute("title")).toBe("At or above the limit of 5 CPUs");
    expect(await page.locator(".vm-comment").innerText()).toBe("Owner: Anna\nfront");
    const hostUi = page.getByRole("link", { name: "Host UI of alpha" });
    expect(await hostUi.getAttribute("href")).toBe(`https://127.0.0.1/ui/#/host/vms/${vm?.vmid}`);
    expect(await hostUi.getAttribute("rel")).toContain("noopener");
    const before = await fact("Uptime");
    await until(async () => (await fact("Uptime")) !== before, { what: "the uptime to tick" });
  });

  test("shows every value of the API on one of its tabs, which the address keeps", async () => {
    await open("web", "?tab=hardware");
    const { vm } = await query<{ vm: Record<string, unknown> }>(
      lab.simulated.url,
      `query ($id: ID!) { vm(id: $id) { vmid uuid instanceUuid datastore datastorePath guestId guestFullName hardwareVersion
        numVirtualDisks numEthernetCards } }`,
      { id: ids.get("web") },
    );
    const hardware = await page.getByRole("tabpanel").innerText();
    for (const value of Object.values(vm)) expect(hardware).toContain(String(value));
    await page.keyboard.press("3");
    await page.waitForURL(/\?tab=usage$/);
    expect(await page.getByRole("meter", { name: "Memory the guest uses" }).getAttribute("aria-valuetext")).toMatch(
      / of 1 GB \(\d+ %\)$/,
    );
    await page.getByRole("tab", { name: "Usage" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText("Nothing was done to it so far.").waitFor();
    await page.waitForURL(/\?tab=tasks$/);
    await page.keyboard.press("1");
    await page.waitForURL(/\/vms\/[^?]+$/);
  });

  test("copies the address and the command for a shell, for the user that was typed last", async () => {
    await open("web", "", { permissions: ["clipboard-read", "clipboard-write"] });
    const copied = () => page.evaluate("navigator.clipboard.readText()");
    const ip = await page.locator(".vm-quick .vm-value").first().innerText();
    await page.getByRole("button", { name: "Copy the IP address" }).first().click();
    await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
    expect(await copied()).toBe(ip);
    await page.getByLabel("User name for ssh").fill("admin");
    await page.getByRole("button", { name: "Copy the ssh command" }).press("Enter");
    await until(async () => (await copied()) === `ssh admin@${ip}`);
    await page.getByLabel("User name for ssh").fill("$(reboot)");
    await page.getByText("not a plain name or address").waitFor();
    await page.reload();
    expect(await page.getByLabel("User name for ssh").inputValue()).toBe("admin");
  });

  test("shows what a host wrote as text", async () => {
    await open(hostile);
    await heading(hostile);
    expect(await page.locator(".vm-comment").innerText()).toBe(`${hostile}\n${hostile}`);
    for (const key of ["2", "3", "4"]) await page.keyboard.press(key);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).toBe(`${hostile} · ECoMan`);
    await page.goto(`${lab.simulated.url}/vms/${ids.get("web")}`);
    await heading("web");
    expect(await fact("Host name")).toContain(hostile);
    expect(await page.locator("img").count()).toBe(0);
  });

  test("follows the VM, and says when it is gone", async () => {
    await open("passing");
    const host = lab.simulated.simulator.host("alpha");
    const vm = host.vms().find(({ name }) => name === "passing");
    if (vm === undefined) throw new Error("no VM");
    host.changeVm(vm.vmid, { note: "changed on the host" });
    await page.getByText("changed on the host").waitFor();
    host.renameVm(vm.vmid, "renamed");
    await heading("renamed");
    host.removeVm(vm.vmid);
    await page.getByRole("heading", { name: "renamed is gone" }).waitFor();
    expect(await page.getByRole("link", { name: "Tasks of the node" }).getAttribute("href")).toBe("/tasks?node=alpha");
  });

  test("says what to do about a link that leads nowhere", async () => {
    await open("vm_of_another_time");
    await page.getByRole("heading", { name: "There is no such VM" }).waitFor();
    await page.getByRole("link", { name: "Go to the VMs" }).click();
    await page.getByRole("grid").waitFor();
  });

  test("keeps the last known state of a VM on a silent host, and says why and how old it is", async () => {
    await open("far");
    const host = lab.simulated.simulator.host("beta");
    await host.stop();
    await page.getByText("What is shown is its last known state.").waitFor();
    await page.getByText(/SSH may be switched off/).waitFor();
    expect(await fact("Read")).toMatch(/ago|just now/);
    await host.start();
    await page.getByText("What is shown is its last known state.").waitFor({ state: "detached" });
  });

  test.each(["light", "dark"] as const)("has nothing that axe finds wrong, %s", async (colorScheme) => {
    await open("web", "", { colorScheme });
    for (const key of ["1", "2", "3", "4"]) {
      await page.keyboard.press(key);
      await page.locator(".tabs-content").waitFor();
      expect(await axeViolations(page)).toEqual([]);
    }
  });

  test("fits a phone", async () => {
    await open(hostile, "?tab=hardware", { viewport: { width: 390, height: 844 } });
    await page.getByText("Instance UUID", { exact: true }).waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
