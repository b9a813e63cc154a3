/** Repeats, rivals, queues, cancellation and the end of the server: what holds whatever a task does. */
import { describe, expect, test } from "vitest";
import type { FakeHost } from "./testing/fake-host.ts";
import { createLifeline } from "./testing/severable.ts";
import { createWorld, powerOf, vmIdOf, type World } from "./testing/world.ts";

describe("idempotency", () => {
  test("the same key and input give the same task, while it runs and after it has ended", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    const tasks = world.start();
    const request = powerOf("ON", { idempotencyKey: "k1", expectedPowerState: "OFF" });
    const answers = await Promise.all([tasks.setPower(request), tasks.setPower(request), tasks.setPower(request)]);
    const ids = new Set(answers.map(({ task }) => task?.id));
    expect(ids.size).toBe(1);
    const ended = await world.end(tasks, answers[0].task?.id ?? "");
    expect(await tasks.setPower(request), "although its expectedPowerState would fail now").toEqual({
      task: ended,
      commands: [],
      userErrors: [],
    });
    expect(world.host.actions).toHaveLength(1);
    expect(await world.store.audit()).toHaveLength(1);
  });

  test("the same key with other input is a conflict", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    const tasks = world.start();
    await tasks.setPower(powerOf("ON", { idempotencyKey: "k1" }));
    const other = await tasks.setPower(powerOf("OFF", { idempotencyKey: "k1" }));
    expect(other).toMatchObject({ task: null, userErrors: [{ code: "CONFLICT", path: ["input", "idempotencyKey"] }] });
  });

  test("a key holds for its actor and for 24 hours", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    const tasks = world.start();
    const first = await tasks.setPower(powerOf("ON", { idempotencyKey: "k1" }));
    await world.end(tasks, first.task?.id ?? "");
    const bob = await tasks.setPower(powerOf("ON", { idempotencyKey: "k1", actor: "bob" }));
    expect(bob.task?.id).not.toBe(first.task?.id);
    await world.end(tasks, bob.task?.id ?? "");
    await world.clock.sleep(23 * 3_600_000);
    expect((await tasks.setPower(powerOf("ON", { idempotencyKey: "k1" }))).task?.id).toBe(first.task?.id);
    await world.clock.sleep(2 * 3_600_000);
    expect((await tasks.setPower(powerOf("ON", { idempotencyKey: "k1" }))).task?.id).not.toBe(first.task?.id);
  });

  test("a key outlives the server", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    const request = powerOf("ON", { idempotencyKey: "k1" });
    const lifeline = createLifeline();
    const first = await world.start(lifeline).setPower(request);
    while (world.host.actions.length === 0) await world.clock.sleep(100);
    lifeline.cut();
    const tasks = world.start();
    await tasks.recover();
    const repeated = await tasks.setPower(request);
    expect(repeated.task?.id).toBe(first.task?.id);
    expect(await world.end(tasks, repeated.task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions).toHaveLength(1);
  });
});

describe("one mutation per VM", () => {
  test("a second one is a conflict that names the first; other VMs are free", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    await world.addVm("db");
    const tasks = world.start();
    const [first, second, other] = await Promise.all([
      tasks.setPower(powerOf("ON")),
      tasks.setPower(powerOf("ON", { actor: "bob" })),
      tasks.setPower(powerOf("ON", { vmId: vmIdOf("db") })),
    ]);
    expect(second).toMatchObject({ task: null, userErrors: [{ code: "CONFLICT", path: ["input", "vmId"] }] });
    expect(second.userErrors[0]?.message).toContain(first.task?.id);
    expect(other.userErrors).toEqual([]);
  });

  test("whoever sees the end of a task may ask for the next at once", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    const signal = AbortSignal.timeout(20_000);
    for await (const news of world.inventory.watchTasks(({ id }) => id === task?.id, signal)) {
      if (news.some(({ finishedAt }) => finishedAt !== null)) break;
    }
    expect((await tasks.setPower(powerOf("OFF"))).userErrors).toEqual([]);
  });
});

function mostAtOnce(host: FakeHost): () => number {
  let most = 0;
  const { act } = host.driver;
  let under = 0;
  Object.assign(host.driver, {
    async act(...words: Parameters<typeof act>) {
      under += 1;
      most = Math.max(most, under);
      return act(...words).finally(() => (under -= 1));
    },
  });
  return () => most;
}

test("a crowd of tasks goes to its node a few at a time, in order, and all of them get there", async () => {
  await using world = await createWorld();
  const names = Array.from({ length: 60 }, (_, index) => `vm${index}`);
  for (const name of names) await world.addVm(name);
  const most = mostAtOnce(world.host);
  const tasks = world.start(undefined, { perNode: { act: 4, creation: 2 } });
  const answers = await Promise.all(names.map((name) => tasks.setPower(powerOf("ON", { vmId: vmIdOf(name) }))));
  const ended = await Promise.all(answers.map(({ task }) => world.end(tasks, task?.id ?? "")));
  expect(new Set(ended.map(({ state }) => state))).toEqual(new Set(["SUCCEEDED"]));
  expect(most()).toBe(4);
  expect(world.host.actions.map(({ path }) => path)).toEqual(world.host.vms.map(({ path }) => path));
});

async function busyWorld(world: World) {
  await world.addVm("first", { powerState: "ON" });
  await world.addVm("web");
  const tasks = world.start(undefined, { perNode: { act: 1, creation: 2 } });
  const running = await tasks.setPower(powerOf("SHUTDOWN", { vmId: vmIdOf("first") }));
  const queued = await tasks.setPower(powerOf("ON"));
  while (world.host.actions.length === 0) await world.clock.sleep(100);
  return { tasks, running: running.task?.id ?? "", queued: queued.task?.id ?? "" };
}

describe("cancel", () => {
  test("before the command was sent nothing is done, and the VM is free again", async () => {
    await using world = await createWorld();
    const { tasks, queued, running } = await busyWorld(world);
    const { task, userErrors } = await tasks.cancel(queued, "bob");
    expect(userErrors).toEqual([]);
    expect(task).toMatchObject({
      id: queued,
      state: "CANCELLED",
      sentAt: null,
      result: expect.stringContaining("bob"),
    });
    expect(await world.store.task(queued)).toEqual(task);
    expect((await world.store.audit()).at(-1)).toMatchObject({ actor: "bob", action: "CANCEL_TASK", taskId: queued });
    expect((await tasks.setPower(powerOf("ON", { dryRun: true }))).userErrors).toEqual([]);
    await world.end(tasks, running);
    expect(world.host.actions.map(({ verb }) => verb)).toEqual(["SHUTDOWN"]);
    expect((await tasks.cancel(queued, "bob")).task).toEqual(task);
  });

  test("afterwards it is a conflict that says what to do", async () => {
    await using world = await createWorld();
    const { tasks, running } = await busyWorld(world);
    const { task, userErrors } = await tasks.cancel(running, "bob");
    expect(task).toBeNull();
    expect(userErrors).toMatchObject([
      { code: "CONFLICT", path: ["id"], message: expect.stringContaining("can't be called back") },
    ]);
    await world.end(tasks, running);
    expect((await tasks.cancel(running, "bob")).userErrors).toMatchObject([
      { code: "CONFLICT", message: expect.stringContaining("SUCCEEDED") },
    ]);
    expect((await tasks.cancel("task-none", "bob")).userErrors).toMatchObject([{ code: "NOT_FOUND", path: ["id"] }]);
  });
});

describe("wait", () => {
  test("answers the task as it is when the time is up, or the caller has gone", async () => {
    await using world = await createWorld();
    const { tasks, running } = await busyWorld(world);
    expect(await tasks.wait(running, 0)).toMatchObject({ state: "RUNNING" });
    expect(await tasks.wait(running, 2000)).toMatchObject({
      state: "RUNNING",
      steps: [{ state: "DONE" }, { state: "RUNNING" }],
    });
    expect(await tasks.wait(running, 1e9, AbortSignal.abort())).toMatchObject({ state: "RUNNING" });
    expect(await tasks.wait("task-none", 1000)).toBeUndefined();
  });
});

describe("close", () => {
  test("ends what was not sent, waits for the rest, and takes nothing new", async () => {
    await using world = await createWorld();
    const { tasks, running, queued } = await busyWorld(world);
    const closed = tasks.close(60_000);
    expect((await tasks.setPower(powerOf("ON", { vmId: vmIdOf("web") }))).userErrors.map(({ code }) => code)).toContain(
      "SHUTTING_DOWN",
    );
    await closed;
    expect(await world.store.task(queued)).toMatchObject({
      state: "CANCELLED",
      result: expect.stringContaining("The server stopped"),
    });
    expect(await world.store.task(running)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.traces.size, "nothing is left on the host").toBe(0);
  });

  test("what does not end in time is taken up at the next start", async () => {
    await using world = await createWorld();
    const { tasks, running } = await busyWorld(world);
    await tasks.close(1000);
    expect(await world.store.task(running)).toMatchObject({ state: "RUNNING", sentAt: expect.any(String) });
    const next = world.start();
    await next.recover();
    expect(await world.end(next, running)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions).toHaveLength(1);
  });
});
