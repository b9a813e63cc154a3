/** A VM is created in a real browser: asked for once, followed live, taken back, and tried again. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { axeViolations } from "../harness/axe.ts";
import { chromiumMissing } from "../harness/chromium.ts";
import { type ClientBrowser, type ClientPage, openBrowser } from "../harness/client-page.ts";
import { type CuttingProxy, startCuttingProxy } from "../harness/cutting-proxy.ts";
import { query } from "../harness/graphql.ts";
import { type SimulatedApp, startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";

const missing = chromiumMissing();
const never = 2 ** 30;

describe.skipIf(missing)(`creating a VM (${missing ?? "Chromium"})`, () => {
  let proxy: CuttingProxy;
  let simulated: SimulatedApp;
  let browser: ClientBrowser;
  let opened: ClientPage;
  let page: Page;

  beforeAll(async () => {
    const hosts = [{ name: "alpha", vms: [{ name: "there" }] }] as const;
    // The server gets another port when it is started again.
    proxy = await startCuttingProxy({
      targetPort: () => Number(new URL(simulated.url).port),
      nextBreak: () => ({ afterMs: never, afterBytes: never }),
    });
    const env = { ALLOWED_HOSTS: `127.0.0.1:${proxy.port}` };
    [simulated, browser] = await Promise.all([startSimulatedApp({ hosts, diskMs: 1_000, env }), openBrowser()]);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await proxy.close();
    await simulated[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    opened = await browser.open(`${url()}/create`);
    page = opened.page;
    await page.getByText("Live", { exact: true }).waitFor();
  });
  afterEach(async () => {
    alpha().faults.clear();
    expect(opened.complaints).toEqual([]);
    await page.context().close();
  });

  const url = () => `http://127.0.0.1:${proxy.port}`;
  const alpha = () => simulated.simulator.host("alpha");
  const namesOnHost = () =>
    alpha()
      .vms()
      .map(({ name }) => name);
  const registrations = (name: string) =>
    simulated.simulator.actionLog.filter(({ vmPath }) => vmPath.endsWith(`/${name}/${name}.vmx`)).length;
  const filesOf = async (name: string) =>
    Object.keys(await alpha().fileMap()).filter((path) => path.includes(`/${name}`));
  const creation = () => page.getByRole("article", { name: "Creation" });
  const ended = (title: string) => creation().getByRole("heading", { name: title, exact: true }).waitFor();

  async function fill(name: string, search = ""): Promise<void> {
    await page.goto(`${url()}/create?node=alpha&name=${name}${search}`);
    await page.getByRole("group", { name: "Commands" }).waitFor();
  }

  const create = () => page.getByRole("button", { name: /^Create/ }).click();

  test("by mouse: it runs what was shown before, and is seen live elsewhere", async ({ annotate }) => {
    const other = await browser.open(`${url()}/vms`);
    await other.page.getByRole("link", { name: "there", exact: true }).waitFor();
    await fill("shown", "&cpu=2&memory=2048&disk=50&powerOn=true");
    const planned = (await page.getByRole("group", { name: "Commands" }).textContent()) ?? "";
    const vmx = (await page.getByRole("group", { name: "shown.vmx" }).textContent()) ?? "";
    const askedAt = Date.now();
    await create();
    await other.page.getByText(/Creating .+ on alpha/).waitFor();
    await annotate(`under way in another browser after ${Date.now() - askedAt} ms`);
    await creation().getByText("Create the disk: under way").waitFor();
    await ended("Created shown on alpha");
    await other.page.getByRole("row").filter({ hasText: "shown" }).getByText("On", { exact: true }).waitFor();
    expect(await other.page.getByText(/Creating .+ on alpha/).count()).toBe(0);
    await creation()
      .getByText(/was created with vmid \d+\. It is powered on\./)
      .waitFor();
    const ran = await creation().locator(".task-commands code").allTextContents();
    // The task's id and the VM's handle are known only then.
    const known = (text: string) => text.replace(/task-[0-9a-f]+/, "dry-run").replace(/(power\.on) .*/, "$1");
    expect(ran.map(known)).toEqual(planned.split("\n").map(known));
    const path =
      alpha()
        .vms()
        .find(({ name }) => name === "shown")?.path ?? "";
    const onHost = await alpha().readFile(path);
    for (const line of vmx.split("\n").filter((each) => !/uuid/i.test(each))) expect(onHost).toContain(line);
    await page.getByRole("link", { name: "Show shown" }).click();
    await page.waitForURL(/\/vms\/.+/);
    await page.getByRole("link", { name: "Create", exact: true }).click();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("");
    expect(await page.getByLabel("CPUs", { exact: true }).inputValue()).toBe("2");
    expect(other.complaints).toEqual([]);
    await other.page.context().close();
  });

  test("from the list and back to it, where it is a row that leads to its task", async () => {
    alpha().faults.add({ kind: "slow", match: "vmkfstools -c", ms: 3_000, at: "middle" });
    await page.goto(`${url()}/vms?node=alpha`);
    await page.getByRole("link", { name: "Create VM" }).click();
    await page.waitForURL(/\/create\?node=alpha/);
    await page.getByLabel("Name", { exact: true }).fill("round-trip");
    await page.getByRole("group", { name: "Commands" }).waitFor();
    await create();
    await creation().getByText("Create the disk: under way").waitFor();
    await page.getByRole("link", { name: "All VMs" }).click();
    const row = page.getByRole("row").filter({ hasText: "Creating round-trip on alpha" });
    await row.getByRole("progressbar").waitFor();
    await row.getByRole("link").click();
    await page.getByRole("button", { name: "Details: Create round-trip", expanded: true }).waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "round-trip", exact: true }).waitFor();
    await row.waitFor({ state: "detached" });
  });

  test("by keyboard alone", async () => {
    await page.goto(`${url()}/vms`);
    await page.getByRole("link", { name: "there", exact: true }).waitFor();
    for (const key of ["g", "c"]) await page.keyboard.press(key);
    await until(async () => (await page.locator(":focus").getAttribute("id")) === "create-name");
    await page.keyboard.type("typed");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await page.getByRole("button", { name: /^Micro/ }).getAttribute("aria-pressed")).toBe("true");
    await until(async () => {
      await page.keyboard.press("Tab");
      return (await page.locator(":focus").getAttribute("type")) === "radio";
    });
    await page.keyboard.press("Space");
    await page.getByRole("group", { name: "Commands" }).waitFor();
    await page.keyboard.press("Enter");
    await ended("Created typed on alpha");
    expect(
      alpha()
        .vms()
        .find(({ name }) => name === "typed"),
    ).toMatchObject({ memoryMb: 512, numCpu: 1, power: "OFF" });
  });

  test("asked for twice in a row it is made once", async () => {
    await fill("once");
    await page.getByRole("button", { name: "Create once" }).dblclick();
    await ended("Created once on alpha");
    expect(namesOnHost().filter((name) => name === "once")).toHaveLength(1);
    expect(registrations("once")).toBe(1);
    await page.getByRole("button", { name: "Create another" }).click();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("");
    await page.waitForURL(/\?node=alpha$/);
  });

  test("whose answer was lost it is asked for again, and made once", async () => {
    await fill("lost");
    let isLost = false;
    await page.route("**/graphql", async (route) => {
      const body = route.request().postData() ?? "";
      if (isLost || !body.includes('idempotencyKey":')) return route.continue();
      isLost = true;
      await route.fetch();
      return route.abort();
    });
    await create();
    await page.getByText(/The server can't be reached\. What you filled in is kept\./).waitFor();
    await create();
    await ended("Created lost on alpha");
    expect(namesOnHost().filter((name) => name === "lost")).toHaveLength(1);
    const { tasks } = await query<{ tasks: { nodes: readonly { commands: readonly string[] }[] } }>(
      simulated.url,
      "{ tasks(first: 50, filter: { kinds: [CREATE_VM] }) { nodes { commands } } }",
    );
    expect(tasks.nodes.filter(({ commands }) => commands.join().includes("/lost/"))).toHaveLength(1);
  });

  test("cancelled it leaves the host as it was, and the form as it was filled in", async () => {
    alpha().faults.add({ kind: "slow", match: "vmkfstools -c", ms: 5_000, at: "middle" });
    await fill("unwanted", "&cpu=2&portGroup=Trunk");
    await create();
    await creation().getByText("Create the disk: under way").waitFor();
    await page.reload();
    await creation().getByText("Create the disk: under way").waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeViolations(page)).toEqual([]);
    }
    await creation().getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").getByText("What it has made on the host so far is taken back.").waitFor();
    await page.getByRole("button", { name: "Cancel the task" }).click();
    await ended("Cancelled: unwanted on alpha");
    expect(namesOnHost()).not.toContain("unwanted");
    expect(await filesOf("unwanted")).toEqual([]);
    await page.getByRole("button", { name: "Change and try again" }).click();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("unwanted");
    expect(await page.getByLabel("Port group").inputValue()).toBe("Trunk");
  });

  test("failed it says why and what to do, and can be tried again as it was", async () => {
    alpha().faults.add({ kind: "fail", match: "solo/registervm", text: "Failed to register: <b>no</b>", count: 1 });
    await fill("second-try", "&cpu=2&iso=none");
    await create();
    await ended("Not created: second-try on alpha");
    await creation()
      .getByText(/The host said: .*<b>no<\/b>/)
      .first()
      .waitFor();
    expect(await creation().locator("b").count()).toBe(0);
    expect(await filesOf("second-try")).toEqual([]);
    await page.getByRole("button", { name: "Change and try again" }).click();
    await page.getByRole("group", { name: "Commands" }).waitFor();
    await create();
    await ended("Created second-try on alpha");
    expect(
      alpha()
        .vms()
        .find(({ name }) => name === "second-try"),
    ).toMatchObject({ numCpu: 2 });
  });

  test("while the server is away the form keeps what was typed and says why it waits", async () => {
    await fill("patient");
    await simulated.reopen(async () => {
      await page.getByText("Connection lost").waitFor();
      await page.getByLabel("Comment").fill("typed meanwhile");
      expect(await page.getByRole("button", { name: "Create patient" }).isDisabled()).toBe(true);
      await page.getByText("There is no connection to the server. What you filled in is kept.").waitFor();
    });
    await page.getByText("Live", { exact: true }).waitFor();
    await create();
    await ended("Created patient on alpha");
    expect(
      alpha()
        .vms()
        .find(({ name }) => name === "patient")?.note,
    ).toBe("typed meanwhile");
  });

  test("a name that was taken meanwhile is refused at its field, and nothing is made", async () => {
    await fill("rivalled");
    alpha().addVm({ name: "RIVALLED" });
    await until(async () => /already/.test((await page.locator("#create-name-fault").textContent()) ?? ""));
    await create();
    expect(await page.locator(":focus").getAttribute("id")).toBe("create-name");
    expect(registrations("rivalled")).toBe(0);
  });
});
