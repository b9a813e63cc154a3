/** A node changes hands while its tasks wait, are about to be sent, or are under way: by death, by agreement, by surprise. */
import { describe, expect, test } from "vitest";
import type { PowerAction, PowerState } from "../model.ts";
import {
  ask,
  createServers,
  createTwoServers,
  minute,
  type Servers,
  stateOf,
  type TwoServers,
  until,
  wasSent,
} from "./testing/servers.ts";
import type { CutPlan } from "./testing/severable.ts";
import { creationOf, powerOf } from "./testing/world.ts";

/** One is sent by the holder, and a second one waits behind it: this one's id. */
async function askTwo({ world, holder }: TwoServers): Promise<string> {
  await world.addVm("first", { powerState: "ON" });
  await world.addVm("web");
  await ask(holder, "SHUTDOWN", "first");
  const waiting = await ask(holder);
  await until(world, () => wasSent(world));
  return waiting;
}

describe("a task that waits while its node has no server", () => {
  test("is run by the next one, if that saw it arrive within two minutes", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web");
    await holder.tasks.letGo("esx1");
    const id = await ask(holder);
    await world.clock.sleep(1.5 * minute);
    expect(await stateOf(world, id)).toEqual({ state: "QUEUED", wasSent: false, hasEnded: false });
    await other.take();
    expect(await world.end(holder.tasks, id)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions).toHaveLength(1);
  });

  test("is ended with nothing done after that, and by who did not see it arrive", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web");
    await world.addVm("db");
    await holder.tasks.letGo("esx1");
    const old = await ask(holder);
    await world.clock.sleep(2.5 * minute);
    await other.take();
    expect(await world.end(holder.tasks, old)).toMatchObject({
      state: "CANCELLED",
      sentAt: null,
      result: "The server stopped before anything was sent; nothing was done.",
    });
    await other.tasks.letGo("esx1");
    const unseen = await ask(holder, "ON", "db");
    const late = servers.start();
    await late.take();
    expect(await world.end(holder.tasks, unseen)).toMatchObject({ state: "CANCELLED", sentAt: null });
    expect(world.host.actions).toEqual([]);
  });

  test("is not mistaken for an old one by a server that takes the node in that very moment", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web");
    await holder.tasks.letGo("esx1");
    const { watch } = other.store;
    const late = servers.start();
    late.store.watch = async function* (since, signal) {
      for await (const news of watch(since, signal)) {
        await world.clock.sleep(5000);
        yield news;
      }
    };
    await world.clock.sleep(minute);
    const id = await ask(holder);
    await late.take();
    expect(await world.end(holder.tasks, id)).toMatchObject({ state: "SUCCEEDED" });
  });
});

interface Scenario {
  readonly action: PowerAction;
  readonly before: PowerState;
}

/** What one server does for such a task, in calls. */
async function callsOf({ action, before }: Scenario): Promise<number> {
  await using servers = await createServers();
  const { world } = servers;
  const plan = { atCall: Number.POSITIVE_INFINITY, moment: "after" } as const;
  const server = servers.start({}, plan);
  await server.take();
  await world.addVm("web", { powerState: before });
  await world.end(server.tasks, await ask(server, action));
  return server.calls();
}

/** One server is killed at its `atCall`th call; another one takes over `downMs` later. */
async function killAndTakeOver({ world, start }: Servers, scenario: Scenario, plan: CutPlan & { downMs: number }) {
  const [dying, next] = [start({}, plan), start()];
  await world.addVm("web", { powerState: scenario.before });
  await dying.take();
  void dying.tasks.setPower(powerOf(scenario.action));
  await until(world, dying.isDead);
  await world.clock.sleep(plan.downMs);
  await next.take();
  const [task] = (await world.store.tasks({ filter: {}, limit: 10 })).tasks;
  const ended = task && (await world.end(next.tasks, task.id));
  // What may still be on its way to the host arrives.
  await world.clock.sleep(10 * minute);
  expect(next.complaints).toEqual([]);
  return ended;
}

describe.for<Scenario>([
  { action: "ON", before: "OFF" },
  { action: "SHUTDOWN", before: "ON" },
])("a server that is killed in $action", (scenario) => {
  test.for<CutPlan["moment"]>(["before", "during", "after"])("%s any of its calls is replaced", async (moment) => {
    const calls = await callsOf(scenario);
    expect(calls).toBeGreaterThan(8);
    for (let atCall = 1; atCall <= calls; atCall += 1) {
      for (const downMs of [12_000, 3 * minute]) {
        await using servers = await createServers();
        const { host } = servers.world;
        const task = await killAndTakeOver(servers, scenario, { atCall, moment, downMs });
        const where = `cut ${moment} call ${atCall}, down for ${downMs}: ${task?.result}`;
        expect(host.actions.length, where).toBeLessThanOrEqual(1);
        if (task === undefined) expect(host.actions, where).toEqual([]);
        else if (host.actions.length === 1) expect(task.state, where).toBe("SUCCEEDED");
        else expect(task.state, where).toBe(task.sentAt === null ? "CANCELLED" : "FAILED");
        if (task?.state === "CANCELLED") expect(downMs, where).toBeGreaterThan(2 * minute);
      }
    }
  });
});

describe("a node that is given away", () => {
  test("takes its waiting task along: it is not sent any more here, and once there", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    const waiting = await askTwo(servers);
    expect(holder.tasks.isBusy("esx1")).toBe(true);
    await holder.tasks.letGo("esx1");
    expect(holder.tasks.isBusy("esx1")).toBe(false);
    const contacts = holder.contacts();
    await world.clock.sleep(30_000);
    expect(world.host.actions).toHaveLength(1);
    expect(await stateOf(world, waiting)).toMatchObject({ wasSent: false, hasEnded: false });
    await other.take();
    expect(await world.end(holder.tasks, waiting)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions.map(({ verb }) => verb)).toEqual(["SHUTDOWN", "ON"]);
    expect(holder.contacts()).toBe(contacts);
  });

  test("has its running task observed to the end by the next server", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web", { powerState: "ON" });
    const id = await ask(holder, "SHUTDOWN");
    await until(world, () => wasSent(world));
    await world.clock.sleep(3000);
    const waiting = holder.tasks.wait(id, 5 * minute);
    await holder.tasks.letGo("esx1");
    const contacts = holder.contacts();
    await world.clock.sleep(5000);
    expect(await stateOf(world, id)).toEqual({ state: "RUNNING", wasSent: true, hasEnded: false });
    await other.take();
    expect(await world.end(other.tasks, id)).toMatchObject({ state: "SUCCEEDED" });
    expect(await waiting).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions).toHaveLength(1);
    expect(holder.contacts()).toBe(contacts);
    expect([...holder.complaints, ...other.complaints]).toEqual([]);
  });

  test.for(["claim", "disk", "configure", "register"] as const)(
    "in %s of a creation has it finished by the next server, once",
    async (step) => {
      await using servers = await createTwoServers();
      const { world, holder, other } = servers;
      const { task } = await holder.tasks.createVm(creationOf({ powerOn: true }));
      await until(world, () => world.host.creation.begun.includes(step));
      await holder.tasks.letGo("esx1");
      const contacts = holder.contacts();
      await other.take();
      expect(await world.end(other.tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
      expect(world.host.vms).toMatchObject([{ name: "new", powerState: "ON" }]);
      expect(world.host.creation.registrations).toBe(1);
      expect(holder.contacts()).toBe(contacts);
      expect([...holder.complaints, ...other.complaints]).toEqual([]);
    },
  );

  test("while it is written down that a command is sent: it is not sent", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web");
    const { saveTask } = holder.store;
    let isWriting = false;
    holder.store.saveTask = async (task, under) => {
      const revision = await saveTask(task, under);
      isWriting = task.sentAt !== null;
      if (isWriting) await world.clock.sleep(2000);
      return revision;
    };
    const id = await ask(holder);
    await until(world, () => isWriting);
    await holder.tasks.letGo("esx1");
    await world.clock.sleep(minute);
    expect(world.host.actions).toEqual([]);
    await other.take();
    expect(await world.end(other.tasks, id)).toMatchObject({
      state: "FAILED",
      result: expect.stringContaining("nothing was done"),
    });
    await world.clock.sleep(10 * minute);
    expect(world.host.actions).toEqual([]);
  });

  test("back and forth under one task ends it once", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web", { powerState: "ON" });
    const id = await ask(holder, "SHUTDOWN");
    for (const [from, to] of [
      [holder, other],
      [other, holder],
      [holder, other],
    ] as const) {
      await world.clock.sleep(2500);
      await from.tasks.letGo("esx1");
      await to.take();
    }
    expect(await world.end(holder.tasks, id)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions).toHaveLength(1);
  });
});

describe("a server that stops", () => {
  test("leaves what it did not send to the next one", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    const waiting = await askTwo(servers);
    await holder.tasks.close(60_000);
    expect(world.host.actions.map(({ verb }) => verb)).toEqual(["SHUTDOWN"]);
    expect(await stateOf(world, waiting)).toMatchObject({ wasSent: false, hasEnded: false });
    await other.take();
    expect(await world.end(other.tasks, waiting)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions).toHaveLength(2);
  });

  test("ends it where there is no next one, or where that can't be told", async () => {
    const answers: readonly (() => Promise<boolean>)[] = [
      async () => false,
      () => Promise.reject(new Error("The database is away.")),
      () => new Promise(() => undefined),
    ];
    for (const hasSuccessors of answers) {
      await using servers = await createServers();
      const holder = servers.start({ perNode: { act: 1, creation: 1 }, hasSuccessors });
      await holder.take();
      const waiting = await askTwo({ ...servers, holder, other: holder });
      await holder.tasks.close(60_000);
      expect(await stateOf(servers.world, waiting)).toEqual({ state: "CANCELLED", wasSent: false, hasEnded: true });
    }
  });
});

test("a node that left every hosts.yml takes its tasks to an end", async () => {
  await using servers = await createTwoServers();
  const { world, holder, other } = servers;
  const unsent = await askTwo(servers);
  const [sent] = (await world.store.tasks({ filter: { states: ["RUNNING"] }, limit: 1 })).tasks;
  await holder.tasks.removeOrphan("esx1");
  expect(await world.end(other.tasks, unsent)).toMatchObject({ state: "FAILED", error: { code: "NOT_FOUND" } });
  expect(await world.end(other.tasks, sent?.id ?? "")).toMatchObject({
    state: "UNKNOWN",
    error: { code: "OUTCOME_UNKNOWN" },
  });
  await world.clock.sleep(minute);
  expect(world.host.actions).toHaveLength(1);
});
