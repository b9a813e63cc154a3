/** Servers that can't know all: a lease that is lost or in doubt, a database that is away, news that were missed. */
import { describe, expect, test } from "vitest";
import { AppError } from "../errors.ts";
import {
  ask,
  createServers,
  createTwoServers,
  minute,
  type Servers,
  stateOf,
  type TaskServer,
  until,
  wasSent,
} from "./testing/servers.ts";
import { creationOf, powerOf } from "./testing/world.ts";

describe("a lease", () => {
  test("that was lost unnoticed: the first refused write ends all work here, without a word", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web", { powerState: "ON" });
    await world.addVm("db");
    const sent = await ask(holder, "SHUTDOWN");
    await until(world, () => wasSent(world));
    await other.take();
    const unsent = await ask(holder, "ON", "db");
    expect(await world.end(other.tasks, sent)).toMatchObject({ state: "SUCCEEDED" });
    expect(await world.end(other.tasks, unsent)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions.map(({ verb }) => verb)).toEqual(["SHUTDOWN", "ON"]);
    await world.clock.sleep(minute);
    expect([...holder.complaints, ...other.complaints]).toEqual([]);
  });

  test("that was lost unnoticed in a creation: two servers do not make one VM", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    const { task } = await holder.tasks.createVm(creationOf({ powerOn: true }));
    await until(world, () => world.host.creation.begun.includes("disk"));
    await other.take();
    // Until something new is to be written it only looks.
    await world.clock.sleep(4500);
    const contacts = holder.contacts();
    expect(await world.end(other.tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
    await world.clock.sleep(minute);
    expect(holder.contacts()).toBe(contacts);
    expect(world.host.creation.registrations).toBe(1);
    expect(world.host.actions).toHaveLength(1);
    expect([...holder.complaints, ...other.complaints]).toEqual([]);
  });

  test("that the crawler finds lost leaves the scan to the next server", async () => {
    await using servers = await createServers();
    const { world, start } = servers;
    const lost = () => Promise.reject(new AppError("LEASE_LOST", "Another server looks after esx1."));
    const crawler = { observeVms: async () => undefined, observeNewVm: async () => undefined, refresh: lost };
    const [holder, other] = [start({ crawler }), start()];
    await holder.take();
    const { task } = await holder.tasks.refreshNode({ actor: "ann", name: "esx1" });
    await world.clock.sleep(minute);
    expect(await stateOf(world, task?.id ?? "")).toMatchObject({ hasEnded: false });
    await holder.tasks.letGo("esx1");
    await other.take();
    expect(await world.end(holder.tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
  });

  test("that ran out just before a command would go out: it does not, and its end is told once the lease is good again", async () => {
    await using servers = await createTwoServers();
    const { world, holder } = servers;
    await world.addVm("web");
    const { saveTask } = holder.store;
    holder.store.saveTask = async (task, under) => {
      if (task.sentAt !== null && task.finishedAt === null) holder.lease = "in doubt";
      return saveTask(task, under);
    };
    const id = await ask(holder);
    await world.clock.sleep(1000);
    expect(await stateOf(world, id)).toMatchObject({ wasSent: true, hasEnded: false });
    holder.store.saveTask = saveTask;
    holder.lease = "valid";
    expect(await world.end(holder.tasks, id)).toMatchObject({ state: "FAILED", sentAt: expect.any(String) });
    await world.clock.sleep(10 * minute);
    expect(world.host.actions).toEqual([]);
  });
});

describe("a database that is away", () => {
  const away = () => Promise.reject(new AppError("STORE_UNREACHABLE", "The database does not answer."));

  test("when a task ends: its end is written as soon as it is back, and told once", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web", { powerState: "ON" });
    const id = await ask(holder, "SHUTDOWN");
    await until(world, () => wasSent(world));
    const { saveTask } = holder.store;
    holder.store.saveTask = away;
    await world.clock.sleep(2 * minute);
    expect(await stateOf(world, id)).toMatchObject({ hasEnded: false });
    expect((await other.tasks.setPower(powerOf("ON"))).userErrors).toMatchObject([{ code: "CONFLICT" }]);
    holder.store.saveTask = saveTask;
    expect(await world.end(other.tasks, id)).toMatchObject({ state: "SUCCEEDED" });
    const told = holder.complaints.filter((message) => message.startsWith("The end of a task"));
    expect(told).toHaveLength(1);
  });

  test("until the lease is lost: the next server finds the end", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web", { powerState: "ON" });
    const id = await ask(holder, "SHUTDOWN");
    await until(world, () => wasSent(world));
    holder.store.saveTask = away;
    await world.clock.sleep(minute);
    await holder.tasks.letGo("esx1");
    await other.take();
    expect(await world.end(other.tasks, id)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions).toHaveLength(1);
  });
});

describe("news that were missed", () => {
  /** Hears nothing from the moment on in which the gap is torn, for ten seconds. */
  function deafFor(servers: Servers, gap: AbortSignal): TaskServer {
    const server = servers.start();
    const { watch } = server.store;
    server.store.watch = async function* (since, signal) {
      const isTorn = gap.aborted;
      yield* watch(since, isTorn ? signal : AbortSignal.any([signal, gap]));
      if (isTorn) return;
      await servers.world.clock.sleep(10_000);
      yield { kind: "reset" };
    };
    return server;
  }

  test("do not leave a task lying that came meanwhile", async () => {
    await using servers = await createServers();
    const { world, start } = servers;
    await world.addVm("web");
    const gap = new AbortController();
    const [holder, other] = [deafFor(servers, gap.signal), start()];
    await holder.take();
    await world.clock.sleep(1000);
    gap.abort();
    const id = await ask(other);
    await world.clock.sleep(5000);
    expect(world.host.actions).toEqual([]);
    expect(await world.end(other.tasks, id)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.actions).toHaveLength(1);
  });

  test("do not leave those waiting for an end that came meanwhile", async () => {
    await using servers = await createServers();
    const { world, start } = servers;
    await world.addVm("web");
    const gap = new AbortController();
    const [holder, other] = [start(), deafFor(servers, gap.signal)];
    await holder.take();
    const id = await ask(holder);
    await until(world, () => wasSent(world));
    const begin = world.clock.now();
    const waiting = other.tasks.wait(id, 60 * minute);
    await world.clock.sleep(100);
    gap.abort();
    expect(await waiting).toMatchObject({ state: "SUCCEEDED" });
    expect(world.clock.now() - begin).toBeLessThan(minute);
  });
});
