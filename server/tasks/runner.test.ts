/** Work of several remote acts, as the creation of a VM will be: steps, progress, a journal, an end between steps. */
import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { silentLog } from "../log.ts";
import { type CancelOptions, cancelTask } from "./cancel.ts";
import type { Dispatch } from "./dispatch.ts";
import { createIntake, type Intake } from "./intake.ts";
import { createRunner } from "./runner.ts";
import { cancelled, succeeded } from "./settlement.ts";
import { createWorld, node, powerOf, type World } from "./testing/world.ts";
import type { UseCase } from "./use-case.ts";

/** Makes three things, one after the other, and takes back what it made when it is called off. */
function makeThree(world: World, made: string[]): UseCase {
  const parts = ["folder", "disk", "registration"];
  return {
    kind: "REFRESH_NODE",
    steps: parts,
    lane: "act",
    cancellation: "between-steps",
    check: async () => ({ userErrors: [], plan: { node, vmId: null, facts: { parts }, commands: () => [] } }),
    async run(handle) {
      for (const [index, part] of parts.entries()) {
        if (handle.signal.aborted) return cancelled(`Taken back: ${made.splice(0).join(", ")}.`);
        handle.step(part);
        await handle.markSent({ journal: [...made, part] });
        await world.clock.sleep(1000);
        made.push(part);
        handle.command([`make ${part}`]);
        handle.output(`${part} made`);
        handle.progress(((index + 1) / parts.length) * 90);
      }
      return succeeded("All made.");
    },
    recover: async () => succeeded("Found all."),
  };
}

/** No other server has the task. */
const alone: Pick<CancelOptions, "dispatch" | "elsewhere"> = {
  dispatch: { settled: async () => undefined },
  elsewhere: { ask: unasked, outcome: unasked },
};

function unasked(): never {
  throw new Error("There is no other server.");
}

function workshop(world: World) {
  const { store, clock } = world;
  const runner = createRunner({ store, clock, log: silentLog, perNode: { act: 2, creation: 2 } });
  /** The use case of the task that is asked for next. */
  const next: { useCase?: UseCase } = {};
  const dispatch: Pick<Dispatch, "admit" | "settled"> = {
    settled: async () => undefined,
    async admit(task, record) {
      const recorded = await record();
      if (next.useCase) runner.start(task, next.useCase, { node, fence: 0 });
      return recorded;
    },
  };
  const checked = createIntake({ store, runner, dispatch, clock });
  const intake: Pick<Intake, "take"> = {
    take(useCase, order) {
      next.useCase = useCase;
      return checked.take(useCase, order);
    },
  };
  const order = { actor: "ann", idempotencyKey: null, dryRun: false, asked: {} };
  return { runner, intake, order };
}

test("steps, progress, output and the journal are on record as the work goes on", async () => {
  await using world = await createWorld();
  const { runner, intake, order } = workshop(world);
  const { task } = await intake.take(makeThree(world, []), order);
  const id = task?.id ?? "";
  await world.clock.sleep(1500);
  expect(await world.store.task(id)).toMatchObject({
    state: "RUNNING",
    progress: 30,
    steps: [{ state: "DONE" }, { state: "RUNNING" }, { state: "PENDING" }],
    input: { journal: ["folder", "disk"] },
    commands: ["make folder"],
    hostOutput: "folder made",
  });
  const firstSent = (await world.store.task(id))?.sentAt;
  await runner.job(id)?.ended;
  expect(await world.store.task(id)).toMatchObject({
    state: "SUCCEEDED",
    progress: 100,
    sentAt: firstSent,
    hostOutput: "folder made\ndisk made\nregistration made",
  });
});

test("it can be cancelled between steps, and takes back what it made", async () => {
  await using world = await createWorld();
  const { runner, intake, order } = workshop(world);
  const made: string[] = [];
  const { task } = await intake.take(makeThree(world, made), order);
  const id = task?.id ?? "";
  await world.clock.sleep(1500);
  expect(await cancelTask({ id, actor: "ann" }, { store: world.store, runner, ...alone })).toMatchObject({
    userErrors: [],
    task: { state: "RUNNING" },
  });
  await runner.job(id)?.ended;
  expect(made).toEqual([]);
  expect(await world.store.task(id)).toMatchObject({
    state: "CANCELLED",
    result: "Taken back: folder, disk.",
    steps: [{ state: "DONE" }, { state: "SKIPPED" }, { state: "SKIPPED" }],
  });
});

test("what a host prints is kept up to a limit", async () => {
  await using world = await createWorld();
  const { runner, intake, order } = workshop(world);
  const talkative: UseCase = {
    ...makeThree(world, []),
    async run(handle) {
      for (let line = 0; line < 3000; line += 1) handle.output("ä".repeat(40));
      return succeeded("Said all.");
    },
  };
  const { task } = await intake.take(talkative, order);
  await runner.job(task?.id ?? "")?.ended;
  const output = (await world.store.task(task?.id ?? ""))?.hostOutput ?? "";
  expect(Buffer.byteLength(output)).toBeLessThan(66_000);
  expect(output).toMatch(/ä\n?ä*�?\n… cut here: more than 64 KiB\.$/u);
});

test("work that fails unexpectedly is told as what it is: nothing done, or an open outcome", async () => {
  await using world = await createWorld();
  const { runner, intake, order } = workshop(world);
  const endOf = async (run: UseCase["run"]) => {
    const { task } = await intake.take({ ...makeThree(world, []), run }, order);
    await runner.job(task?.id ?? "")?.ended;
    return world.store.task(task?.id ?? "");
  };
  expect(await endOf(() => Promise.reject(new Error("a bug")))).toMatchObject({
    state: "FAILED",
    sentAt: null,
    error: { code: "INTERNAL" },
  });
  const afterSending: UseCase["run"] = async (handle) => {
    await handle.markSent({});
    throw new Error("a bug");
  };
  expect(await endOf(afterSending)).toMatchObject({ state: "UNKNOWN", error: { code: "OUTCOME_UNKNOWN" } });
});

test("nothing is sent that could not be put on record first, and the end is written when the store is back", async () => {
  await using world = await createWorld();
  let failures = 3;
  const saveTask: typeof world.store.saveTask = async (task) => {
    failures -= 1;
    if (failures >= 0) throw new AppError("INTERNAL", "The disk is full.");
    return world.store.saveTask(task);
  };
  await world.addVm("web");
  const tasks = world.start(undefined, { store: { ...world.store, saveTask } });
  const asked = await tasks.setPower(powerOf("ON"));
  const ended = await world.end(tasks, asked.task?.id ?? "");
  expect(ended).toMatchObject({
    state: "FAILED",
    sentAt: null,
    error: { message: "The disk is full. Nothing was sent to the host." },
  });
  expect(await world.store.task(ended.id)).toEqual(ended);
  expect(world.host.actions).toEqual([]);
});
