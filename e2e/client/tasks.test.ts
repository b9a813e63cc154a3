/** Tasks in a real browser: how they go, what was run, how they end, and what is told of it elsewhere. */
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
const plain = { note: "", tools: "toolsOk" } as const;
const hosts = [
  {
    name: "alpha",
    vms: [
      { ...plain, name: "web", power: "ON" },
      { ...plain, name: hostile, power: "OFF" },
    ],
  },
  { name: "beta", vms: [{ ...plain, name: "far", power: "OFF" }] },
] as const;

const missing = chromiumMissing();

describe.skipIf(missing)(`tasks (${missing ?? "Chromium"})`, () => {
  let ids: ReadonlyMap<string, string>;
  const lab = useClientLab(() => startSimulatedApp({ hosts }));
  let page: Page;

  beforeAll(async () => {
    ids = await vmIds(lab.simulated);
  });

  async function open(path: string, options: Parameters<ClientBrowser["open"]>[1] = {}): Promise<void> {
    page = await lab.open(path, options);
    await page.getByText("Live", { exact: true }).waitFor();
  }

  /** Answers the id of the task. */
  async function setPower(name: string, action: string): Promise<string> {
    const { setPower: answer } = await query<{ setPower: { task: { id: string } } }>(
      lab.simulated.url,
      "mutation ($input: SetPowerInput!) { setPower(input: $input) { task { id } } }",
      { input: { vmId: ids.get(name), action } },
    );
    return answer.task.id;
  }

  async function ended(id: string): Promise<void> {
    await query(lab.simulated.url, "query ($id: ID!) { task(id: $id, waitMs: 60000) { state } }", { id });
  }

  const rows = () => page.locator(".task");
  const row = (text: string | RegExp) => rows().filter({ hasText: text }).first();
  const toast = (text: string | RegExp) => page.locator(".toast", { hasText: text });

  test("without any says what would be here", async () => {
    await open("/tasks");
    await page.getByRole("heading", { name: "No tasks yet" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  test("arrive by themselves and tell what was run and what the host said, as text", async () => {
    const removeFault = lab.simulated.simulator.host("alpha").faults.add({
      kind: "fail",
      match: "vmsvc/power.reset",
      text: `Reset failed ${hostile}`,
    });
    await open("/tasks");
    const id = await setPower("web", "RESET");
    await row("Failed").waitFor();
    removeFault();
    expect(await row("Failed").innerText()).toContain("Reset web on alpha");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`task=${id}`));
    const details = await row("Failed").innerText();
    expect(details).toContain("vim-cmd vmsvc/power.reset /vmfs/volumes/");
    expect(details).toContain("HOST_REFUSED");
    expect(details).toContain(`Reset failed ${hostile}`);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.getByRole("link", { name: "Look at web" }).getAttribute("href")).toBe(`/vms/${ids.get("web")}`);
    await ended(await setPower(hostile, "ON"));
    await row("Succeeded").waitFor();
    expect(await row("Succeeded").innerText()).toContain(`Power on ${hostile} on alpha`);
    expect(await page.locator("img").count()).toBe(0);
  });

  test("copies a command", async () => {
    await open("/tasks?state=FAILED", { permissions: ["clipboard-read", "clipboard-write"] });
    await row("Reset web")
      .getByRole("button", { name: /^Details: / })
      .click();
    await page.getByRole("button", { name: "Copy the command" }).click();
    await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(/^vim-cmd vmsvc\/power\.reset \/vmfs\//);
  });

  test("are filtered by state, kind and node, and a link brings the same ones", async () => {
    await query(lab.simulated.url, `mutation { refreshNode(name: "beta") { task { id } } }`);
    await open("/tasks");
    await row("Refresh beta").waitFor();
    await page.getByRole("button", { name: "Refresh", exact: true }).click();
    await until(async () => (await rows().count()) === 1);
    await page.waitForURL(/\?kind=REFRESH_NODE$/);
    await page.getByLabel("Node").selectOption("alpha");
    await page.getByRole("heading", { name: "No task matches" }).waitFor();
    await page.getByRole("button", { name: "Show all tasks" }).click();
    await until(async () => (await rows().count()) >= 3);
    await page.goto(`${lab.simulated.url}/tasks?state=FAILED&node=alpha&state=nonsense`);
    await until(async () => (await rows().count()) === 1);
    expect(await page.getByRole("button", { name: "Failed", exact: true }).getAttribute("aria-pressed")).toBe("true");
  });

  test("one that was not sent yet is called off, by keyboard alone", async () => {
    const host = lab.simulated.simulator.host("beta");
    await host.stop();
    await open("/tasks?node=beta");
    await query(lab.simulated.url, `mutation { refreshNode(name: "beta") { task { id } } }`);
    await row(/Failed\s*Refresh beta/).waitFor();
    // A node that was not well is asked for a look before anything is sent, and this one takes its time.
    host.halfOpen(true);
    await host.start();
    await setPower("far", "ON");
    const cancel = page.getByRole("button", { name: /^Cancel: Change power of far/ });
    await cancel.press("Enter");
    await page.getByText("Nothing was sent to the host yet, and nothing will be.").waitFor();
    await page.keyboard.press("Enter");
    await row("Cancelled").waitFor();
    host.halfOpen(false);
    await toast(/^Cancelled by .* nothing was done/).waitFor();
    expect(lab.simulated.simulator.actionLog.some((action) => action.host === "beta")).toBe(false);
  });

  test("one that was sent says why it can't be called off", async () => {
    await open("/tasks");
    await setPower("web", "REBOOT");
    const cancel = page.getByRole("button", { name: /^Cancel: .*web/ });
    await until(
      async () => (await cancel.getAttribute("title")) === "Its command was sent to the host and can't be called back.",
    );
    expect(await cancel.getAttribute("aria-disabled")).toBe("true");
    await toast("has rebooted").waitFor();
  });

  test("the corner of every page counts and shows them, by a key, and leads to one", async () => {
    await open("/vms");
    await page.keyboard.press("t");
    const panel = page.getByRole("dialog", { name: "Latest tasks" });
    await panel.getByText("Reboot web").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await page.getByRole("button", { name: /under way/ }).click();
    await panel.getByRole("link", { name: "Reboot web" }).click();
    await page.waitForURL(/\/tasks\?task=/);
    await page.getByRole("button", { name: "Details: Reboot web", expanded: true }).waitFor();
  });

  test("an end is told once, wherever one is, and none from before", async () => {
    await open("/vms");
    await page.waitForTimeout(700);
    expect(await page.locator(".toast").count()).toBe(0);
    const id = await setPower("web", "RESET");
    await toast('VM "web" on node alpha was reset.').waitFor();
    await page.locator(".toast").getByRole("link", { name: "Show" }).click();
    await page.waitForURL(new RegExp(`task=${id}`));
    await page.waitForTimeout(700);
    expect(await page.locator(".toast").count()).toBe(1);
  });

  test("many that end together are told in one message", async () => {
    await open("/vms");
    const refresh = Array.from({ length: 5 }, (_, at) => `a${at}: refreshNode(name: "alpha") { task { id } }`);
    await query(lab.simulated.url, `mutation { ${refresh.join(" ")} }`);
    await toast(/^\d tasks have ended\./).waitFor();
  });

  test("older ones than the page holds are read when they are asked for", async () => {
    const refresh = Array.from({ length: 20 }, (_, at) => `a${at}: refreshNode(name: "alpha") { task { id } }`);
    for (let round = 0; round < 6; round += 1) await query(lab.simulated.url, `mutation { ${refresh.join(" ")} }`);
    await open("/tasks?kind=REFRESH_NODE");
    await until(async () => (await rows().count()) >= 50);
    const before = await rows().count();
    await page.getByRole("button", { name: "Older tasks" }).click();
    await until(async () => (await rows().count()) > before);
  });

  test.each(["light", "dark"] as const)("have nothing that axe finds wrong, %s", async (colorScheme) => {
    await open("/tasks?state=FAILED", { colorScheme });
    await row("Reset web")
      .getByRole("button", { name: /^Details: / })
      .click();
    expect(await axeViolations(page)).toEqual([]);
  });

  test("fit a phone", async () => {
    await open("/tasks?state=FAILED", { viewport: { width: 390, height: 844 } });
    await row("Reset web")
      .getByRole("button", { name: /^Details: / })
      .click();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
