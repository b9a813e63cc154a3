/** The nodes in a real browser: how each is, why, and what to do about it. */
import { readFile, writeFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { untilNode } from "../faults/node-watch.ts";
import { axeViolations } from "../harness/axe.ts";
import { chromiumMissing } from "../harness/chromium.ts";
import { useClientLab } from "../harness/client-lab.ts";
import { type ClientBrowser } from "../harness/client-page.ts";
import { withPins } from "../harness/host-keys.ts";
import { startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";

const missing = chromiumMissing();
const running = { numCpu: 4, memoryMb: 2048, power: "ON" } as const;
const hosts = [
  {
    name: "well",
    labels: ["lab", "rack-1"],
    vms: [
      { ...running, name: "one" },
      { name: "two", power: "OFF" },
    ],
  },
  { name: "crowded", vms: Array.from({ length: 8 }, (_, index) => ({ ...running, numCpu: 24, name: `big${index}` })) },
  ...["gone", "refuses-us", "key-new", "key-other", "hostd", "parked"].map((name) => ({ name, vms: 1 })),
] as const;

describe.skipIf(missing)(`the nodes (${missing ?? "Chromium"})`, () => {
  const hostsYml = (printed: string) =>
    withPins(printed, "key-new", "  known_hosts_path: none_yet\n").replace(/^"parked":\n/m, "$&  disabled: true\n");
  const lab = useClientLab(() => startSimulatedApp({ hosts, hostsYml }));
  let page: Page;

  beforeAll(async () => {
    const { simulator } = lab.simulated;
    await simulator.host("gone").stop();
    for (const [name, kind] of [
      ["refuses-us", "auth-failure"],
      ["key-other", "wrong-host-key"],
    ] as const) {
      simulator.host(name).faults.add({ kind });
      simulator.host(name).dropConnections();
    }
    simulator.host("hostd").hostdDown(true);
    // A cut in mid-scan is told first as what it is.
    const ends = {
      gone: "UNREACHABLE",
      "refuses-us": "AUTH_FAILED",
      "key-other": "HOST_KEY_MISMATCH",
      hostd: "DEGRADED",
    };
    for (const [name, status] of Object.entries(ends))
      await untilNode({ url: lab.simulated.url, name }, (node) => node.status === status);
  });

  async function open(path: string, options: Parameters<ClientBrowser["open"]>[1] = {}): Promise<void> {
    page = await lab.open(path, options);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.locator(".node-status").first().waitFor();
  }

  const row = (name: string): Locator =>
    page.locator(".node-row").filter({ has: page.getByRole("link", { name, exact: true }) });
  const statusOf = (name: string, status: string) => row(name).locator(".node-status", { hasText: status }).waitFor();
  const troubleOf = async (name: string) => (await row(name).locator(".trouble").textContent()) ?? "";
  const snippetsOf = (name: string) => row(name).locator(".snippet code").allTextContents();

  test("each says how it is, why, and has what to do about it ready to copy", async () => {
    await open("/nodes");
    await statusOf("well", "Online");
    expect(await row("well").locator(".trouble").count()).toBe(0);
    await statusOf("gone", "Unreachable");
    expect(await troubleOf("gone")).toMatch(/refused.*TSM-SSH.*Start and stop with host/);
    expect(await snippetsOf("gone")).toEqual(["vim-cmd hostsvc/enable_ssh && vim-cmd hostsvc/start_ssh"]);
    await statusOf("refuses-us", "Sign-in refused");
    expect(await troubleOf("refuses-us")).toMatch(/tried again by a refresh from .+ on \(in 1\d min\)/);
    await statusOf("key-new", "Host key unknown");
    const pins = lab.simulated.simulator
      .host("key-new")
      .hostKeyFingerprints()
      .map((pin) => `host_key: ${pin}`);
    const [pin, known] = await snippetsOf("key-new");
    expect(pins).toContain(pin);
    expect(known).toMatch(/^\[127\.0\.0\.1\]:\d+ \S+ AAAA/);
    await statusOf("key-other", "Host key changed");
    expect(await snippetsOf("key-other")).toEqual([expect.stringMatching(/^host_key: SHA256:\S{43}$/)]);
    await statusOf("hostd", "Degraded");
    expect(await snippetsOf("hostd")).toEqual(["/etc/init.d/hostd restart"]);
    await statusOf("parked", "Switched off");
    await page.getByText("5 not well").waitFor();
  });

  test("a line is copied by its button, and the host is trusted once hosts.yml has it", async () => {
    await open("/nodes", { permissions: ["clipboard-read", "clipboard-write"] });
    await statusOf("key-new", "Host key unknown");
    await row("key-new").getByRole("button", { name: "Copy host_key" }).click();
    await row("key-new").getByRole("button", { name: "Copied" }).waitFor();
    const line = await page.evaluate<string>("navigator.clipboard.readText()");
    const hostsYml = await readFile(lab.simulated.hostsPath, "utf8");
    await writeFile(lab.simulated.hostsPath, withPins(hostsYml, "key-new", `  ${line}\n`));
    await statusOf("key-new", "Online");
  });

  test("bars show how full it is, and mark what is too full by more than a colour", async () => {
    await open("/nodes");
    const cpu = row("crowded").getByRole("meter", { name: "vCPUs per core of crowded" });
    await until(async () => /at or above the limit/.test((await cpu.getAttribute("aria-valuetext")) ?? ""));
    expect(await row("crowded").locator(".mark").textContent()).toMatch(/^\d+(\.\d)? at or above the limit of 4$/);
    const memory = row("well").getByRole("meter", { name: "Memory in use of well" });
    expect(await memory.getAttribute("aria-valuetext")).toMatch(/^\d+ %, .+ GB of .+ GB$/);
    expect(await row("well").locator(".mark").count()).toBe(0);
  });

  test("one of them has all that is known of it, and leads to its VMs and to a new one", async () => {
    await open("/nodes");
    await page.getByRole("link", { name: "well", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "well" }).waitFor();
    await page.getByRole("rowheader", { name: "VM Network for new VMs" }).waitFor();
    const text = (await page.locator("main").textContent()) ?? "";
    expect(text).toMatch(/1 on, 1 off/);
    expect(text).toMatch(/8\.0\.1.*build \d+/);
    expect(text).toMatch(/\d+ sockets?, \d+ cores, \d+ threads, \d+ MHz/);
    expect(text).toMatch(/read just now in \d+ ms|read \d+ s ago in/);
    expect(text).toContain("[datastore1] iso/debian-12.11.0-amd64-netinst.iso");
    expect(await page.getByRole("row", { name: /^datastore1 VMFS-6 .*45 %/ }).count()).toBe(1);
    expect(await page.getByRole("link", { name: "Create a VM" }).getAttribute("href")).toBe("/create?node=well");
    await page.getByRole("link", { name: "Its VMs" }).click();
    await page.waitForURL(/\/vms\?node=well$/);
    await page.getByText("2 of", { exact: false }).first().waitFor();
  });

  test("is refreshed by keyboard alone, and says why where it can't be", async () => {
    await open("/nodes/well");
    const { channels } = lab.simulated.simulator.host("well").sshCounts();
    await page.getByRole("button", { name: "Refresh well" }).focus();
    await page.keyboard.press("Enter");
    await until(() => lab.simulated.simulator.host("well").sshCounts().channels > channels);
    for (const key of ["g", "n"]) await page.keyboard.press(key);
    await statusOf("refuses-us", "Sign-in refused");
    await row("refuses-us").getByRole("button", { name: "Refresh" }).click();
    await row("refuses-us")
      .getByText(/Refreshing failed\..*may be asked for in 1\d min/)
      .waitFor();
    expect(await row("parked").getByRole("button", { name: "Refresh" }).isDisabled()).toBe(true);
  });

  test("a lost host is told within seconds, and so is its return", async ({ annotate }) => {
    await open("/nodes/crowded");
    const host = lab.simulated.simulator.host("crowded");
    await page.locator(".node-status", { hasText: "Online" }).waitFor();
    const lostAt = Date.now();
    await host.stop();
    await page.locator(".node-status", { hasText: "Unreachable" }).waitFor();
    await annotate(`shown ${Date.now() - lostAt} ms after the loss`);
    await page
      .locator(".trouble")
      .getByText(/for \d+ s/)
      .waitFor();
    await host.start();
    await page.getByRole("button", { name: "Refresh crowded" }).click();
    await page.locator(".node-status", { hasText: "Online" }).waitFor();
    expect(await page.locator(".trouble").count()).toBe(0);
  });

  test("a new one says that it was not looked at yet, here and where a VM is created", async () => {
    await open("/nodes");
    const host = lab.simulated.simulator.host("parked");
    host.halfOpen(true);
    const hostsYml = await readFile(lab.simulated.hostsPath, "utf8");
    await writeFile(lab.simulated.hostsPath, hostsYml.replace("  disabled: true\n", ""));
    await statusOf("parked", "Not looked at yet");
    expect(await troubleOf("parked")).toMatch(/looked at for the first time/);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole("link", { name: "parked", exact: true }).click();
    await page.locator(".node-status", { hasText: "Not looked at yet" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole("link", { name: "Create a VM" }).click();
    await page.locator(".node-choice", { hasText: "parked" }).getByText("Not looked at yet").waitFor();
    host.halfOpen(false);
    host.dropConnections();
    await page.getByRole("link", { name: "Nodes", exact: true }).click();
    await statusOf("parked", "Online");
    await writeFile(lab.simulated.hostsPath, hostsYml);
    await statusOf("parked", "Switched off");
  });

  test("a node that is not there says so", async () => {
    page = await lab.open(`/nodes/nowhere`);
    await page.getByRole("heading", { name: "There is no node nowhere" }).waitFor();
  });

  test.each(["light", "dark"] as const)("have nothing that axe finds wrong, %s", async (colorScheme) => {
    await open("/nodes", { colorScheme });
    await statusOf("gone", "Unreachable");
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole("link", { name: "hostd", exact: true }).click();
    await page.getByRole("heading", { name: "Port groups" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  test.each(["/nodes", "/nodes/gone"])("fits a phone: %s", async (path) => {
    await open(path, { viewport: { width: 390, height: 844 } });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
