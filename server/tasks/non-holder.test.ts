/** What may be asked for at a server that does not look after the node: everything, with the same answers. */
import { describe, expect, test } from "vitest";
import type { TaskId } from "../model.ts";
import { createTwoServers, type TaskServer } from "./testing/servers.ts";
import { creationOf, powerOf, vmIdOf, type World } from "./testing/world.ts";

async function endAt(world: World, server: TaskServer, id: TaskId | undefined) {
  return world.end(server.tasks, id ?? "");
}

describe("a mutation at another server than the node's", () => {
  test("runs at the one that looks after it, and is answered and waited for where it was asked", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web");
    const { task, userErrors } = await other.tasks.setPower(powerOf("ON"));
    expect(userErrors).toEqual([]);
    expect(task).toMatchObject({ state: "QUEUED", actor: "ann" });
    const ended = await endAt(world, other, task?.id);
    expect(ended).toMatchObject({ state: "SUCCEEDED" });
    expect(world.known("web").powerState).toBe("ON");
    expect(world.host.actions).toHaveLength(1);
    expect(other.contacts(), "only its holder speaks to the node").toBe(0);
    expect(holder.contacts()).toBeGreaterThan(0);
    expect(await world.store.audit()).toHaveLength(1);
    expect([...holder.complaints, ...other.complaints]).toEqual([]);
  });

  test("is a conflict while another task has the VM, wherever either was asked for", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web");
    const answers = await Promise.all([holder.tasks.setPower(powerOf("ON")), other.tasks.setPower(powerOf("ON"))]);
    const [winner] = answers.flatMap(({ task }) => (task === null ? [] : [task]));
    const refusals = answers.flatMap(({ userErrors }) => userErrors);
    expect(refusals).toMatchObject([{ code: "CONFLICT", path: ["input", "vmId"] }]);
    expect(refusals[0]?.message).toContain(winner?.id);
    expect((await other.tasks.setPower(powerOf("OFF"))).userErrors).toMatchObject([
      { code: "CONFLICT", message: expect.stringContaining("SET_POWER") },
    ]);
    await endAt(world, other, winner?.id);
    expect(world.host.actions).toHaveLength(1);
  });

  test("is waited for until what led to its end was heard of too", async () => {
    await using servers = await createTwoServers();
    const { world, holder, start } = servers;
    const late = start();
    const { watch } = late.store;
    let heardEnd = false;
    late.store.watch = async function* (since, signal) {
      for await (const news of watch(since, signal)) {
        const isEnd = news.kind === "task" && news.task.finishedAt !== null;
        if (isEnd) await world.clock.sleep(5000);
        heardEnd ||= isEnd;
        yield news;
      }
    };
    await world.addVm("web");
    const { task } = await late.tasks.setPower(powerOf("ON"));
    await endAt(world, holder, task?.id);
    expect(heardEnd).toBe(false);
    await endAt(world, late, task?.id);
    expect(heardEnd).toBe(true);
  });

  test("may follow at once for whoever saw the end of the one before", async () => {
    await using servers = await createTwoServers();
    const { world, other } = servers;
    await world.addVm("web");
    const { task } = await other.tasks.setPower(powerOf("ON"));
    const signal = AbortSignal.timeout(20_000);
    for await (const news of world.inventory.watchTasks(({ id }) => id === task?.id, signal)) {
      if (news.some(({ finishedAt }) => finishedAt !== null)) break;
    }
    expect((await other.tasks.setPower(powerOf("OFF"))).userErrors).toEqual([]);
  });

  test("under the same key is the same task", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web");
    const request = powerOf("ON", { idempotencyKey: "k1" });
    const answers = await Promise.all([holder.tasks.setPower(request), other.tasks.setPower(request)]);
    expect(new Set(answers.map(({ task }) => task?.id)).size).toBe(1);
    const ended = await endAt(world, other, answers[0].task?.id);
    expect((await other.tasks.setPower(request)).task).toEqual(ended);
    expect(world.host.actions).toHaveLength(1);
  });

  test("creates a VM once, and refuses the same name meanwhile", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    const { task } = await other.tasks.createVm(creationOf({ powerOn: true }));
    for (const server of [holder, other])
      expect((await server.tasks.createVm(creationOf())).userErrors).toMatchObject([
        { code: "CONFLICT", path: ["input", "name"], message: expect.stringContaining(task?.id ?? "") },
      ]);
    expect(await endAt(world, other, task?.id)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.creation.registrations).toBe(1);
    expect(other.contacts()).toBe(0);
  });

  test.for([
    ["there.iso", "SUCCEEDED", null],
    ["missing.iso", "FAILED", "NOT_FOUND"],
  ] as const)("leaves it to the holder to ask the host for %s", async ([file, state, code]) => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    const request = creationOf({ isoPath: `/vmfs/volumes/5f0c-1/odd/${file}` });
    const { task, userErrors } = await other.tasks.createVm(request);
    expect(userErrors).toEqual([]);
    expect(other.contacts()).toBe(0);
    const ended = await endAt(world, other, task?.id);
    expect([ended.state, ended.error?.code ?? null]).toEqual([state, code]);
    if (code !== null) expect(world.host.creation.begun).toEqual([]);
    if (code !== null) expect((await holder.tasks.createVm(request)).userErrors).toMatchObject([{ code }]);
  });

  test("of a scan is done by the holder", async () => {
    await using servers = await createTwoServers();
    const { world, other } = servers;
    const { task } = await other.tasks.refreshNode({ actor: "ann", name: "esx1" });
    expect(await endAt(world, other, task?.id)).toMatchObject({ state: "SUCCEEDED" });
  });
});

/** A task that is sent, and one that waits behind it. */
async function busyServers() {
  const servers = await createTwoServers();
  const { world, holder, other } = servers;
  await world.addVm("first", { powerState: "ON" });
  await world.addVm("web");
  const sent = await other.tasks.setPower(powerOf("SHUTDOWN", { vmId: vmIdOf("first") }));
  const queued = await other.tasks.setPower(powerOf("ON"));
  while (world.host.actions.length === 0) await world.clock.sleep(100);
  return { servers, world, holder, other, sent: sent.task?.id ?? "", queued: queued.task?.id ?? "" };
}

async function cancellations({ store }: World) {
  return (await store.audit()).filter(({ action }) => action === "CANCEL_TASK");
}

describe("a cancellation at another server than the node's", () => {
  test("is heeded before the command was sent, and audited once, in the name of who asked", async () => {
    const { servers, world, holder, other, sent, queued } = await busyServers();
    await using _ = servers;
    const { task, userErrors } = await other.tasks.cancel(queued, "bob");
    expect(userErrors).toEqual([]);
    expect(task).toMatchObject({ state: "CANCELLED", sentAt: null, result: expect.stringContaining("by bob") });
    expect(await cancellations(world)).toMatchObject([{ actor: "bob", taskId: queued }]);
    await endAt(world, other, sent);
    expect(world.host.actions.map(({ verb }) => verb)).toEqual(["SHUTDOWN"]);
    expect((await other.tasks.cancel(queued, "bob")).task).toEqual(task);
    expect(await cancellations(world)).toHaveLength(1);
    expect(holder.complaints).toEqual([]);
  });

  test("comes too late once it was sent, and after the end", async () => {
    const { servers, world, other, sent } = await busyServers();
    await using _ = servers;
    const message = expect.stringContaining("can't be called back");
    expect((await other.tasks.cancel(sent, "bob")).userErrors).toMatchObject([
      { code: "CONFLICT", path: ["id"], message },
    ]);
    expect(await cancellations(world)).toEqual([]);
    await endAt(world, other, sent);
    expect((await other.tasks.cancel(sent, "bob")).userErrors).toMatchObject([
      { code: "CONFLICT", message: expect.stringContaining("SUCCEEDED") },
    ]);
    expect((await other.tasks.cancel("task-none", "bob")).userErrors).toMatchObject([{ code: "NOT_FOUND" }]);
  });

  test("of a creation under way has what was made taken back", async () => {
    await using servers = await createTwoServers();
    const { world, other } = servers;
    const { task } = await other.tasks.createVm(creationOf());
    while (!world.host.creation.begun.includes("disk")) await world.clock.sleep(20);
    expect(await other.tasks.cancel(task?.id ?? "", "bob")).toMatchObject({ userErrors: [], task: { id: task?.id } });
    expect(await endAt(world, other, task?.id)).toMatchObject({
      state: "CANCELLED",
      result: expect.stringMatching(/^bob cancelled it/),
    });
    expect(world.host.creation.folders.size).toBe(0);
    expect(await cancellations(world)).toHaveLength(1);
  });

  test("is heeded by the next holder where the node has none, and says that nobody answered", async () => {
    await using servers = await createTwoServers();
    const { world, holder, other } = servers;
    await world.addVm("web");
    await holder.tasks.letGo("esx1");
    const { task } = await other.tasks.setPower(powerOf("ON"));
    expect((await other.tasks.cancel(task?.id ?? "", "bob")).userErrors).toMatchObject([
      { code: "TIMEOUT", path: ["id"] },
    ]);
    await holder.take();
    expect(await endAt(world, other, task?.id)).toMatchObject({
      state: "CANCELLED",
      result: expect.stringContaining("by bob"),
    });
    expect(world.host.actions).toEqual([]);
  });
});
