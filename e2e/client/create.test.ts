/** The form for a new VM in a real browser: filled in, checked while it is, kept, and told what would be done. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { refreshNode } from "../faults/tasks-of.ts";
import { axeViolations } from "../harness/axe.ts";
import { chromiumMissing } from "../harness/chromium.ts";
import { useClientLab } from "../harness/client-lab.ts";
import { type ClientBrowser } from "../harness/client-page.ts";
import { startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";

const missing = chromiumMissing();
const hosts = [
  { name: "alpha", vms: [{ name: "Taken", power: "OFF" }] },
  { name: "beta", vms: 1 },
  { name: "gone", vms: 1 },
] as const;

describe.skipIf(missing)(`the form for a new VM (${missing ?? "Chromium"})`, () => {
  const lab = useClientLab(() => startSimulatedApp({ hosts }));
  let page: Page;

  beforeAll(async () => {
    await lab.simulated.simulator.host("gone").stop();
    lab.simulated.simulator.host("beta").setFree("datastore1", 20 * 2 ** 30);
    // What a host has is read more rarely than its VMs.
    await refreshNode(lab.simulated.url, "beta");
  });

  async function open(search = "", options: Parameters<ClientBrowser["open"]>[1] = {}): Promise<void> {
    page = await lab.open(`/create${search}`, options);
    await page.getByText("Live", { exact: true }).waitFor();
    await node("alpha").waitFor();
  }

  const field = (label: string) => page.getByLabel(label, { exact: true });
  const node = (name: string) => page.getByRole("radio", { name: new RegExp(`^${name}`) });
  const fault = (name: string) => page.locator(`#create-${name}-fault`);
  const faultToBe = (name: string, text: RegExp) =>
    until(async () => text.test((await fault(name).textContent()) ?? ""), { what: `${name}: ${text}` });
  const vmx = () => page.getByRole("group", { name: /\.vmx$/ });

  test("has four sizes to press, takes any other, and keeps all in the address", async () => {
    await open();
    await field("Name").fill("web-01");
    await page.getByRole("button", { name: /^Large/ }).click();
    expect(await field("CPUs").inputValue()).toBe("4");
    expect(await field("Memory (MB)").inputValue()).toBe("4096");
    expect(await field("Disk (GB)").inputValue()).toBe("70");
    await field("Disk (GB)").fill("71");
    expect(await page.getByRole("button", { name: /^Large/ }).getAttribute("aria-pressed")).toBe("false");
    await node("alpha").check();
    await page.getByLabel("Power on when it is there").check();
    await page.waitForURL(/\?node=alpha&name=web-01&cpu=4&memory=4096&disk=71&powerOn=true$/);
    await page.getByText("web-01 on alpha: 4 CPUs, 4 GB of memory, a disk of 71 GB, switched on.").waitFor();
  });

  test("shows what hosts.yml gives, and the very file and commands for what a link names", async () => {
    await open(
      "?node=alpha&name=db&cpu=2&memory=2048&disk=40&datastore=ssd_2t&portGroup=Trunk&iso=none&guest=debian12_64Guest&firmware=EFI",
    );
    await until(async () => /guestOS = "debian12-64"/.test((await vmx().textContent()) ?? ""));
    const text = (await vmx().textContent()) ?? "";
    expect(text).toMatch(/displayName = "db"[\s\S]*firmware = "efi"/);
    expect(text).toContain('numvcpus = "2"');
    expect(text).toContain('memSize = "2048"');
    expect(text).toContain('ethernet0.networkName = "Trunk"');
    expect(text).not.toContain("debian-12.11.0");
    const commands = await page.getByRole("group", { name: "Commands" }).textContent();
    expect(commands).toMatch(/vmkfstools -c 40G -d thin \S+\/db\/db\.vmdk/);
    expect(await field("Guest system").inputValue()).toContain("Debian");
    expect(await field("Port group").locator("option").first().textContent()).toBe("VM Network (from hosts.yml)");
    expect(await field("Datastore").locator("option").first().textContent()).toMatch(
      /^datastore1: .+ \(from hosts\.yml\)$/,
    );
    expect(lab.simulated.simulator.actionLog).toEqual([]);
  });

  test("says what is wrong with a name while it is typed", async () => {
    await open("?node=alpha");
    await field("Name").pressSequentially("-x");
    await faultToBe("name", /begins with a letter or a digit/);
    expect(await field("Name").getAttribute("aria-invalid")).toBe("true");
    await field("Name").fill("a/b");
    await faultToBe("name", /“\/” can't be in a name/);
    await field("Name").fill("tAKEN");
    await faultToBe("name", /Node alpha has a VM “Taken” already/);
    await node("beta").check();
    await faultToBe("name", /^$/);
    await field("Name").fill("x".repeat(81));
    await faultToBe("name", /up to 80 characters; this one has 81/);
  });

  test("shows what each node has free, and what it lacks for the size", async () => {
    await open();
    expect(await node("gone").isDisabled()).toBe(true);
    await page.getByText("Can't take it: Unreachable").waitFor();
    await field("CPUs").fill("500");
    await until(async () => (await page.getByText(/Can't take it: \d+ threads too few/).count()) === 2);
    await field("CPUs").fill("1");
    await field("Disk (GB)").fill("60000");
    await page
      .getByText(/Can't take it: \d+ GB of storage too little/)
      .first()
      .waitFor();
    await field("Disk (GB)").fill("30");
    expect(await node("beta").isDisabled()).toBe(false);
    expect(
      await page
        .locator(".node-choice")
        .filter({ has: node("beta") })
        .textContent(),
    ).toMatch(/vCPUs on \d+ cores.* GB memory free.* free on /);
  });

  test("puts what the server finds wrong at its field, all at once", async () => {
    await open("?node=beta&name=new&cpu=1000&portGroup=nowhere&iso=[datastore1]%20../x.iso");
    await faultToBe("portGroup", /Node beta has no port group "nowhere"\. It has: /);
    await faultToBe("iso", /is no full path on a datastore of node beta/);
    await faultToBe("disk", /GB are free on datastore datastore1.*choose another datastore/);
    await page.getByText("4 fields need a change.").waitFor();
    await faultToBe("cpu", /Up to \d+ CPUs, the node's threads/);
    await field("CPUs").fill("1");
    await field("Datastore").selectOption("ssd_2t");
    await faultToBe("disk", /^$/);
    await field("Port group").selectOption("VM Network");
    await field("Installation image").selectOption({ label: "debian-12.11.0-amd64-netinst.iso" });
    await until(async () => /vmx|networkName/.test((await vmx().textContent()) ?? ""));
  });

  test("finds a guest system by typing, and does not take one that the node does not know", async () => {
    await open("?node=alpha&name=new");
    await until(async () => (await page.locator("#create-guests option").count()) > 20);
    await field("Guest system").fill("Windows 3");
    await faultToBe("guest", /knows no such guest system/);
    const known = page.locator("#create-guests option").first();
    await field("Guest system").fill((await known.getAttribute("value")) ?? "");
    await field("Guest system").press("Tab");
    await faultToBe("guest", /^$/);
    await page.waitForURL(new RegExp(`guest=${await known.textContent()}`));
  });

  test("asks for what is missing only when it is needed, and goes to the first of it", async () => {
    await open();
    expect(await page.locator(".fault:not(:empty)").count()).toBe(0);
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await faultToBe("name", /Give it a name/);
    await faultToBe("node", /Choose a node/);
    expect(await page.locator(":focus").getAttribute("id")).toBe("create-name");
  });

  test("keeps what was typed through a reload and a visit elsewhere; a link puts it aside and gives it back", async () => {
    await open("?node=alpha");
    await field("Name").fill("kept");
    await field("Comment").fill("two\nlines & <b>");
    await page.waitForURL(/name=kept/);
    await page.reload();
    await until(async () => (await field("Comment").inputValue()) === "two\nlines & <b>");
    await page.getByRole("link", { name: "VMs" }).click();
    await page.waitForURL(/\/vms/);
    await page.getByRole("link", { name: "Create", exact: true }).click();
    await until(async () => (await field("Name").inputValue()) === "kept");
    await page.goto(`${lab.simulated.url}/create?node=beta&name=other`);
    await page.getByText("What you had filled in for “kept” is kept.").waitFor();
    expect(await field("Comment").inputValue()).toBe("");
    await page.getByRole("button", { name: "Take it back" }).click();
    expect(await field("Name").inputValue()).toBe("kept");
    expect(await field("Comment").inputValue()).toBe("two\nlines & <b>");
    await page.waitForURL(/node=alpha&name=kept$/);
  });

  test("asks before it is left only where this browser keeps no draft", async () => {
    await open("?node=alpha");
    await field("Name").fill("kept");
    await page.getByRole("link", { name: "Nodes", exact: true }).click();
    await page.waitForURL(/\/nodes$/);
    await page.addInitScript("Storage.prototype.setItem = () => { throw new Error('full'); };");
    await page.goto(`${lab.simulated.url}/create?node=alpha&name=lost`);
    await field("Comment").fill("long and dear");
    let question = "";
    page.once("dialog", (dialog) => {
      question = dialog.message();
      void dialog.dismiss();
    });
    await page.getByRole("link", { name: "Nodes", exact: true }).click();
    await until(() => question.includes("would be lost"));
    expect(await field("Comment").inputValue()).toBe("long and dear");
    // As the browser asks when a tab is closed; its own dialog takes a headless Chromium down at times.
    const isAllowed = await page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))");
    expect(isAllowed).toBe(false);
  });

  test.each(["light", "dark"] as const)("has nothing that axe finds wrong, %s", async (colorScheme) => {
    await open("?node=alpha&name=-x", { colorScheme });
    await faultToBe("name", /begins/);
    expect(await axeViolations(page)).toEqual([]);
    await field("Name").fill("fine");
    await vmx().waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  test("fits a phone, where the commands are shown on demand", async () => {
    await open("?node=alpha&name=new", { viewport: { width: 390, height: 844 } });
    expect(await vmx().count()).toBe(0);
    await page.getByText("Commands and configuration file").click();
    await vmx().waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
