/** The server dies at every point of a power task, in the middle of calls too; the next one must tell the truth. */
import { describe, expect, test } from "vitest";
import type { PowerAction, PowerState, Task } from "../model.ts";
import { type CutPlan, createLifeline } from "./testing/severable.ts";
import { createWorld, powerOf, type World } from "./testing/world.ts";

interface Scenario {
  readonly action: PowerAction;
  readonly before: PowerState;
  /** Until the server is started again, in ms. */
  readonly downMs: number;
}

async function callsOf({ action, before }: Scenario): Promise<number> {
  await using world = await createWorld();
  await world.addVm("web", { powerState: before });
  const lifeline = createLifeline();
  const tasks = world.start(lifeline);
  const { task } = await tasks.setPower(powerOf(action));
  await world.end(tasks, task?.id ?? "");
  await tasks.close(60_000);
  return lifeline.calls;
}

async function crashAt(world: World, { action, before, downMs }: Scenario, plan: CutPlan): Promise<void> {
  await world.addVm("web", { powerState: before });
  const lifeline = createLifeline(plan);
  void world.start(lifeline).setPower(powerOf(action));
  for (let waited = 0; !lifeline.isCut && waited < 60_000; waited += 20) await world.clock.sleep(20);
  await world.clock.sleep(downMs);
}

async function recovered(world: World): Promise<Task | undefined> {
  const tasks = world.start();
  await tasks.recover();
  const [task] = (await world.store.tasks({ filter: {}, limit: 10 })).tasks;
  if (task === undefined) return undefined;
  const ended = await world.end(tasks, task.id);
  await tasks.close(60_000);
  // What may still be on its way to the host arrives.
  await world.clock.sleep(600_000);
  return ended;
}

/** What may be told of a task, by what the host knows. */
function truthOf(world: World, { action }: Scenario, task: Task): readonly string[] {
  const wasDone = world.host.actions.length === 1;
  if (task.sentAt === null) return wasDone ? ["never"] : ["CANCELLED"];
  if (!wasDone) return ["FAILED"];
  // Without its reply a restart inside the guest may not show in an uptime that had no time to fall.
  return action === "REBOOT" || action === "RESET" ? ["SUCCEEDED", "UNKNOWN"] : ["SUCCEEDED"];
}

describe.for<Scenario>([
  { action: "ON", before: "OFF", downMs: 0 },
  { action: "ON", before: "OFF", downMs: 600_000 },
  { action: "OFF", before: "ON", downMs: 5000 },
  { action: "SHUTDOWN", before: "ON", downMs: 0 },
  { action: "RESET", before: "ON", downMs: 30_000 },
  { action: "REBOOT", before: "ON", downMs: 600_000 },
])("a server that dies in $action and is back after $downMs ms", (scenario) => {
  test.for<CutPlan["moment"]>(["before", "during", "after"])("%s any of its calls", async (moment) => {
    const calls = await callsOf(scenario);
    expect(calls).toBeGreaterThan(8);
    for (let atCall = 1; atCall <= calls; atCall += 1) {
      await using world = await createWorld();
      await crashAt(world, scenario, { atCall, moment });
      const task = await recovered(world);
      const where = `cut ${moment} call ${atCall}: ${task?.result}`;
      expect(world.host.actions.length, where).toBeLessThanOrEqual(1);
      if (task === undefined) expect(world.host.actions, where).toEqual([]);
      else expect(truthOf(world, scenario, task), where).toContain(task.state);
    }
  });
});

test("a task of an earlier run that was never sent ends as cancelled", async () => {
  await using world = await createWorld();
  await crashAt(world, { action: "ON", before: "OFF", downMs: 0 }, { atCall: 1, moment: "after" });
  const task = await recovered(world);
  expect(task).toMatchObject({
    state: "CANCELLED",
    result: "The server stopped before anything was sent; nothing was done.",
  });
  expect(task?.steps.map(({ state }) => state)).toEqual(["SKIPPED", "SKIPPED"]);
});

test("the VM of a task that is being recovered can't be changed meanwhile", async () => {
  await using world = await createWorld();
  const lifeline = createLifeline();
  await world.addVm("web", { powerState: "ON" });
  const { task } = await world.start(lifeline).setPower(powerOf("SHUTDOWN"));
  while (world.host.actions.length === 0) await world.clock.sleep(100);
  lifeline.cut();
  const tasks = world.start();
  const recovering = tasks.recover();
  const { userErrors } = await tasks.setPower(powerOf("OFF"));
  expect(userErrors).toMatchObject([{ code: "CONFLICT", message: expect.stringContaining(task?.id ?? "") }]);
  await recovering;
  expect(await tasks.cancel(task?.id ?? "", "ann")).toMatchObject({ task: null, userErrors: [{ code: "CONFLICT" }] });
  expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
});

test("a failure that was on record before the crash keeps its reason", async () => {
  await using world = await createWorld();
  const text = "Current license or ESXi version prohibits execution of the requested operation.";
  const vm = await world.addVm("web");
  vm.refusal = { code: "LICENSE_RESTRICTED", text };
  const lifeline = createLifeline();
  const { task } = await world.start(lifeline).setPower(powerOf("ON"));
  while (world.host.actions.length === 0) await world.clock.sleep(100);
  lifeline.cut();
  await world.clock.sleep(10_000);
  expect(await recovered(world)).toMatchObject({
    id: task?.id,
    state: "FAILED",
    error: { code: "LICENSE_RESTRICTED" },
    hostOutput: text,
  });
});
