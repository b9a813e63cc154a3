/** The server dies at every point of a creation, in the middle of calls too, and the host may be restarted meanwhile. */
import { describe, expect, test } from "vitest";
import type { Task } from "../../model.ts";
import { type CutPlan, createLifeline } from "../testing/severable.ts";
import { createWorld, creationOf, type World } from "../testing/world.ts";

interface Scenario {
  readonly powerOn: boolean;
  /** Until the server is started again, in ms. */
  readonly downMs: number;
  readonly restartsHost?: boolean;
  readonly hostdIsDown?: boolean;
}

async function callsOf({ powerOn }: Scenario): Promise<number> {
  await using world = await createWorld();
  const lifeline = createLifeline();
  const tasks = world.start(lifeline);
  const { task } = await tasks.createVm(creationOf({ powerOn }));
  expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
  await tasks.close(60_000);
  return lifeline.calls;
}

async function crashAt(world: World, scenario: Scenario, plan: CutPlan): Promise<void> {
  const lifeline = createLifeline(plan);
  void world.start(lifeline).createVm(creationOf({ powerOn: scenario.powerOn }));
  for (let waited = 0; !lifeline.isCut && waited < 60_000; waited += 20) await world.clock.sleep(20);
  if (scenario.restartsHost) world.host.creation.restart();
  if (scenario.restartsHost) world.host.faults.restartedAtMs = world.clock.now();
  if (scenario.hostdIsDown) world.host.creation.faults.hostdIsDown = true;
  await world.clock.sleep(scenario.downMs);
}

async function hostdReturns({ clock, host }: World): Promise<void> {
  await clock.sleep(45_000);
  host.creation.faults.hostdIsDown = false;
}

async function recovered(world: World): Promise<Task | undefined> {
  const tasks = world.start();
  await tasks.recover();
  void hostdReturns(world);
  const [task] = (await world.store.tasks({ filter: {}, limit: 10 })).tasks;
  if (task === undefined) return undefined;
  const ended = await world.end(tasks, task.id);
  await tasks.close(60_000);
  await world.clock.sleep(600_000);
  return ended;
}

function expectTruth(world: World, task: Task | undefined, where: string): void {
  const { folders } = world.host.creation;
  const folder = folders.get("new");
  const vms = world.host.vms.filter(({ name }) => name === "new");
  expect(folders.get("theirs")?.files, where).toEqual(new Map([["theirs.vmdk", "data"]]));
  expect(vms.length, where).toBeLessThanOrEqual(1);
  if (vms.length === 0) {
    expect(folder, where).toBeUndefined();
    expect(task?.state ?? "CANCELLED", where).toMatch(/^(FAILED|CANCELLED)$/);
    return;
  }
  expect(folder, where).toMatchObject({ job: null });
  expect([...(folder?.files.keys() ?? [])].sort(), where).toEqual(["new.vmdk", "new.vmx"]);
  expect(task?.vmId, where).toBe("id-new");
  expect(world.host.creation.registrations, where).toBe(1);
  const isOn = vms[0]?.powerState === "ON";
  const wasAskedToBeOn = task?.input["powerOn"] === true;
  if (task?.state === "SUCCEEDED") expect(isOn, where).toBe(wasAskedToBeOn);
  else expect(task, where).toMatchObject({ state: "FAILED", result: expect.stringContaining("was created") });
}

describe.for<Scenario>([
  { powerOn: false, downMs: 0 },
  { powerOn: true, downMs: 0 },
  { powerOn: true, downMs: 600_000 },
  { powerOn: false, downMs: 30_000, restartsHost: true },
  { powerOn: false, downMs: 0, hostdIsDown: true },
])("a server that dies while it creates a VM: %o", (scenario) => {
  test.for<CutPlan["moment"]>(["before", "during", "after"])("%s any of its calls", async (moment) => {
    const calls = await callsOf(scenario);
    expect(calls).toBeGreaterThan(20);
    for (let atCall = 1; atCall <= calls; atCall += 1) {
      await using world = await createWorld();
      world.host.creation.folders.set("theirs", {
        job: null,
        made: new Set(),
        whole: new Set(),
        files: new Map([["theirs.vmdk", "data"]]),
      });
      await crashAt(world, scenario, { atCall, moment });
      const task = await recovered(world);
      expectTruth(world, task, `cut ${moment} call ${atCall}: ${task?.state} ${task?.result}`);
    }
  });
});
