/** What can be done with one VM: offered or denied with the reason, asked once, by mouse and by keyboard alone. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { axeViolations } from "../harness/axe.ts";
import { chromiumMissing } from "../harness/chromium.ts";
import { useClientLab } from "../harness/client-lab.ts";
import { type ClientBrowser } from "../harness/client-page.ts";
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
      { ...plain, name: "bare", power: "ON", tools: "toolsNotInstalled" },
      { ...plain, name: "off", power: "OFF" },
      { ...plain, name: "asleep", power: "SUSPENDED" },
      { ...plain, name: "asks", power: "ON" },
      { ...plain, name: "copied", power: "OFF" },
    ],
  },
] as const;
const all = ["Power on", "Shut down", "Reboot", "Suspend", "Power off", "Reset"] as const;

const missing = chromiumMissing();

describe.skipIf(missing)(`the actions on a VM's page (${missing ?? "Chromium"})`, () => {
  let ids: ReadonlyMap<string, string>;
  const lab = useClientLab(() => startSimulatedApp({ hosts }));
  let page: Page;

  beforeAll(async () => {
    ids = await vmIds(lab.simulated);
  });

  async function open(name: string, options: Parameters<ClientBrowser["open"]>[1] = {}): Promise<void> {
    page = await lab.open(`/vms/${ids.get(name)}`, options);
    await page.getByText("Live", { exact: true }).waitFor();
    await button("Power on").waitFor();
  }

  const power = () => page.getByRole("group", { name: "Power", exact: true });
  const button = (name: string) => power().getByRole("button", { name, exact: true });
  const host = () => lab.simulated.simulator.host("alpha");
  const vmOf = (name: string) =>
    host()
      .vms()
      .find((vm) => vm.name === name);
  const commands = () => lab.simulated.simulator.actionLog.map(({ command }) => command);
  const state = (word: string) => page.locator(".vm-head .power", { hasText: word }).waitFor();

  test.each([
    ["web", { "Power on": "web is on already." }],
    [
      "bare",
      {
        "Power on": "bare is on already.",
        "Shut down": "bare does not run VMware Tools.",
        Reboot: "bare does not run VMware Tools.",
      },
    ],
    [
      "off",
      {
        "Shut down": "off is off.",
        Reboot: "off is off.",
        Suspend: "off is off.",
        "Power off": "off is off.",
        Reset: "off is off.",
      },
    ],
    [
      "asleep",
      {
        "Shut down": "asleep is suspended.",
        Reboot: "asleep is suspended.",
        Suspend: "asleep is suspended.",
        Reset: "asleep is suspended.",
      },
    ],
  ] as const)(
    "%s: what can't be done says why, to eyes and to screen readers, and does nothing",
    async (name, denied) => {
      await open(name);
      const before = commands().length;
      for (const action of all) {
        const reason = (denied as Readonly<Record<string, string>>)[action];
        expect([action, await button(action).getAttribute("aria-disabled")]).toEqual([
          action,
          String(reason !== undefined),
        ]);
        if (reason === undefined) continue;
        expect(await button(action).getAttribute("title")).toBe(reason);
        const describedBy = await button(action).getAttribute("aria-describedby");
        expect(await page.locator(`[id="${describedBy}"]`).textContent()).toBe(reason);
        await button(action).click({ force: true });
        expect(await page.getByRole("dialog").count()).toBe(0);
      }
      expect(commands().length).toBe(before);
    },
  );

  test("keeps the forced ways away from the graceful ones", async () => {
    await open("web");
    const boxOf = async (name: string) => (await button(name).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const [graceful, forced] = [await boxOf("Suspend"), await boxOf("Power off")];
    expect(forced.x - (graceful.x + graceful.width)).toBeGreaterThan(100);
    expect(await button("Power off").getAttribute("data-look")).toBe("danger");
  });

  test("asks once, with the uptime, and shows how the task goes, by mouse", async () => {
    await open("web");
    await button("Power off").click();
    const dialog = page.getByRole("dialog", { name: "Power off web" });
    expect(await dialog.innerText()).toMatch(
      /Power off web \(up .+\) on alpha\? As if the plug were pulled: what the guest has not saved is lost\./,
    );
    // The safe way has the focus.
    expect(await page.locator(":focus").innerText()).toBe("Cancel");
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(vmOf("web")?.power).toBe("ON");
    await button("Power off").click();
    await dialog.getByRole("button", { name: "Power off", exact: true }).click();
    await page.getByText("1 of 1 done").waitFor();
    await page.getByRole("button", { name: "Close" }).first().click();
    await state("Off");
    expect(vmOf("web")?.power).toBe("OFF");
  });

  test("does the same by keyboard alone", async () => {
    await open("off");
    await page.keyboard.press("p");
    expect(await page.locator(":focus").innerText()).toBe("Power on");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Power on off" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("1 of 1 done").waitFor();
    await page.keyboard.press("Escape");
    await state("On");
    // The focus is back where it was.
    await until(async () => (await page.locator(":focus").innerText()) === "Power on");
  });

  test("shows a question as the host wrote it, and answers it by keyboard alone", async () => {
    const { vmid } = vmOf("asks") ?? { vmid: 0 };
    const text = `${hostile}\nWas it moved?`;
    const choices = [
      { key: "0", label: "Cancel" },
      { key: "1", label: `I moved it ${hostile}`, isDefault: true },
    ];
    host().ask(vmid, { id: "q1", text, choices });
    await open("asks");
    await page.getByText("It asks, and waits for the answer").waitFor();
    expect(await page.locator(".vm-question-text").innerText()).toContain(hostile);
    expect(await page.locator("img").count()).toBe(0);
    expect(await button("Shut down").getAttribute("title")).toBe("asks waits for an answer to a question.");
    expect(await page.locator(".vm-choices button", { hasText: "suggested" }).innerText()).toContain("I moved it");
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press("a");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Answer the question" });
    expect(await dialog.innerText()).toContain(
      `Answer asks on alpha with “I moved it ${hostile}”? It can't be taken back.`,
    );
    await page.keyboard.press("Enter");
    await page.getByText("It asks, and waits for the answer").waitFor({ state: "detached" });
    expect(vmOf("asks")?.question).toBeNull();
  });

  test("a question that comes in the midst of a power-on is answered, and the VM goes on", async () => {
    host().askAtPowerOn(vmOf("copied")?.vmid ?? 0);
    await open("copied");
    await button("Power on").click();
    await page.getByRole("dialog").getByRole("button", { name: "Power on", exact: true }).click();
    await page.keyboard.press("Escape");
    await page.locator(".vm-choices button", { hasText: "suggested" }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Answer: / })
      .click();
    await until(() => vmOf("copied")?.power === "ON");
    await state("On");
  });

  test("looks at the node again when asked to", async () => {
    await open("web");
    await page.getByRole("button", { name: "Refresh alpha" }).click();
    await page.getByText("Node alpha was scanned.").waitFor();
  });
});
