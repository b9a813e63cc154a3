/** What every CreationDriver does, whoever stands behind it; part of the contract of NodeDriver (driver.contract.ts). */
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { CreationOrder, CreationSight, CreationStep } from "./creation.ts";
import type { NodeDriver } from "./driver.ts";

const making = ["claim", "disk", "configure", "register"] as const satisfies readonly CreationStep[];
let orders = 0;

export function creationContract(driverUnderTest: () => NodeDriver): void {
  describe("creates VMs", () => {
    it("step by step, and hands over what is made", async () => {
      const driver = driverUnderTest();
      const order = await orderOn(driver, "contract (made)");
      const { path, text } = driver.creation.plan(order).vmx;
      for (const step of making) await runStep(driver, order, step);
      const { act: _act, at: _at, ...made } = await driver.creation.look(order, undefined, {});
      expect(made).toMatchObject({ hasDatastore: true, folder: "ours", vmids: [expect.any(Number)] });
      expect(made.vmx).toContain(text.slice(0, text.indexOf("displayName")));
      expect(made.read).toMatchObject({ outcome: "read", summary: { name: "contract (made)", powerState: "OFF" } });
      expect(made.read).toMatchObject({ summary: { numCpu: 1, memorySizeMb: 512 } });
      expect(await listed(driver, path)).toBe(true);
      expect((await runStep(driver, order, "finish")).folder).toBe("foreign");
    });

    it.each([
      ["a folder with a disk", 2],
      ["a registered VM", 4],
    ])("takes back %s", async (_what, count) => {
      const driver = driverUnderTest();
      const order = await orderOn(driver, `contract ${count}`);
      for (const step of making.slice(0, count)) await runStep(driver, order, step);
      const undone = await runStep(driver, order, "undo");
      expect(undone).toMatchObject({ folder: "absent", files: [], vmids: [], vmx: null });
      expect(await listed(driver, driver.creation.plan(order).vmx.path)).toBe(false);
    });

    it("leaves a folder alone that is there already", async () => {
      const driver = driverUnderTest();
      const [mine, theirs] = [await orderOn(driver, "contract one"), await orderOn(driver, "contract one")];
      await runStep(driver, theirs, "claim");
      const act = { step: "claim", actId: actId(), mayBeRegistered: false } as const;
      const sight = await driver.creation.begin(mine, act, {});
      expect(sight).toMatchObject({ folder: "foreign", act: { state: "ended", exit: "taken" } });
      expect(await driver.creation.look(theirs, undefined, {})).toMatchObject({ folder: "ours" });
      await runStep(driver, theirs, "undo");
    });

    it("begins a step once, and not at all once it is fenced", async () => {
      const driver = driverUnderTest();
      const order = await orderOn(driver, "contract fenced");
      const act = { step: "claim", actId: actId(), mayBeRegistered: false } as const;
      expect(await driver.fence({ actId: act.actId, sentAt: new Date().toISOString() }, {})).toBe("fenced");
      expect(await driver.creation.begin(order, act, {})).toMatchObject({ folder: "absent", act: { state: "absent" } });
      const other = { ...act, actId: actId() };
      await driver.creation.begin(order, other, {});
      expect(await driver.fence({ actId: other.actId, sentAt: new Date().toISOString() }, {})).toBe("begun");
      expect(await driver.creation.begin(order, other, {})).toMatchObject({ act: { exit: "done" } });
      await runStep(driver, order, "undo");
    });
  });
}

/** A small VM that any host can take, on the datastore that has the most room. */
async function orderOn(driver: NodeDriver, name: string): Promise<CreationOrder> {
  const { facts, listing } = await driver.scan({ budgetMs: 1000, facts: true, known: [] }, {});
  const stores = (facts?.datastores ?? []).filter(({ type }) => /^VMFS-\d/.test(type));
  const [roomy] = stores.sort((one, other) => other.freeBytes - one.freeBytes);
  const hardware = listing?.vms.map(({ hardwareVersion }) => Number(hardwareVersion?.slice(4) ?? 8)) ?? [];
  if (roomy === undefined) throw new Error("the host under test has no datastore for VMs");
  orders += 1;
  return {
    jobId: `contract-${process.pid}-${orders}`,
    mountPoint: roomy.mountPoint,
    blueprint: {
      name,
      numCpu: 1,
      memorySizeMb: 512,
      diskSizeGb: 1,
      guestId: "otherLinux64Guest",
      hardwareVersion: Math.max(7, ...hardware),
      firmware: "BIOS",
      diskController: "lsilogic",
      ethernetCard: "e1000",
      portGroup: facts?.portGroups?.[0]?.name ?? "VM Network",
      isoPath: null,
      comment: 'two "quoted" | lines\nof $(text)',
    },
  };
}

/** To its end; it must succeed. */
async function runStep(driver: NodeDriver, order: CreationOrder, step: CreationStep): Promise<CreationSight> {
  const act = { step, actId: actId(), mayBeRegistered: true };
  let sight = await driver.creation.begin(order, act, {});
  for (const deadline = Date.now() + 60_000; sight.act.state === "running" && Date.now() < deadline; ) {
    await delay(100);
    sight = await driver.creation.look(order, act.actId, {});
  }
  expect(sight.act, `${step}: ${sight.act.output}`).toMatchObject({ state: "ended", exit: "done" });
  await driver.forget([act.actId], {});
  return sight;
}

function actId(): string {
  orders += 1;
  return `contract-act-${process.pid}-${orders}`;
}

/** By the host's own file, which tells of it at once. */
async function listed(driver: NodeDriver, path: string): Promise<boolean> {
  const { registered } = await driver.scan({ budgetMs: 1000, facts: false, known: [] }, {});
  const below = path.split("/").slice(4).join("/");
  return [...(registered?.values() ?? [])].some((registeredPath) => registeredPath.endsWith(`/${below}`));
}
