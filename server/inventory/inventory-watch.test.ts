import { describe, expect, it } from "vitest";
import { isAppError } from "../errors.ts";
import type { VmChange, VmFilter } from "../inventory.ts";
import { silentLog } from "../log.ts";
import type { Revision, Vm, VmId } from "../model.ts";
import { aNode, aNodePulse, aTask, aUsage, aVm } from "../store/contract/samples.ts";
import type { StoreNews } from "../store/store.ts";
import { createInventory } from "./inventory-view.ts";
import type { TestInventory } from "./test-inventory.ts";
import { idsOf, nextOf, openTestInventory } from "./test-inventory.ts";

const at = "2026-01-02T03:04:06.000Z";
const never = new AbortController().signal;
const running: VmFilter = { powerStates: ["ON"] };

function watchVms(test: TestInventory, filter: VmFilter = {}, since?: Revision): AsyncIterator<VmChange> {
  return test.inventory.watchVms(filter, since, never)[Symbol.asyncIterator]();
}

function told(change: VmChange): [upserted: VmId[], removed: readonly VmId[]] {
  expect(change.kind).toBe("CHANGES");
  return [idsOf(change.upserted), change.removed];
}

function off(id: VmId): Vm {
  return aVm({ id, powerState: "OFF" });
}

describe("watching VMs", () => {
  it("begins with the revision alone, then tells each change", async () => {
    await using test = await openTestInventory();
    const start = await test.write({ vms: [aVm({ id: "a" })] });
    const watch = watchVms(test);
    const change = await test.write({ vms: [aVm({ id: "b" })] });
    expect(await nextOf(watch)).toEqual({ kind: "CHANGES", revision: start, upserted: [], removed: [] });
    expect(await nextOf(watch)).toEqual({
      kind: "CHANGES",
      revision: change,
      upserted: [aVm({ id: "b" })],
      removed: [],
    });
    const waiting = nextOf(watch);
    await test.write({ removedVms: ["a"] });
    expect(told(await waiting)).toEqual([[], ["a"]]);
  });

  it("tells what enters, leaves and changes within the filter, and nothing else", async () => {
    await using test = await openTestInventory();
    await test.write({ vms: [aVm({ id: "on" }), off("off")] });
    const watch = watchVms(test, running);
    await nextOf(watch);
    await test.write({ vms: [aVm({ id: "off", powerState: "OFF", name: "renamed" })] });
    await test.write({ removedVms: ["off"] });
    await test.write({ vms: [off("other")] });
    await test.write({ vms: [aVm({ id: "other" })] });
    expect(told(await nextOf(watch))).toEqual([["other"], []]);
    await test.write({ vms: [off("on")] });
    expect(told(await nextOf(watch))).toEqual([[], ["on"]]);
    await test.write({ removedVms: ["on"] });
    await test.write({ vms: [aVm({ id: "other", name: "renamed" })] });
    expect(told(await nextOf(watch))).toEqual([["other"], []]);
  });

  it("tells a slow reader the latest of each VM once", async () => {
    await using test = await openTestInventory();
    await test.write({ vms: [aVm({ id: "a" }), aVm({ id: "b" })] });
    const watch = watchVms(test, running);
    await nextOf(watch);
    for (const name of ["x", "y", "z"]) await test.write({ vms: [aVm({ id: "a", name })] });
    await test.write({ vms: [off("b"), aVm({ id: "came and went" })] });
    const last = await test.write({ removedVms: ["came and went"] });
    expect(await nextOf(watch)).toEqual({
      kind: "CHANGES",
      revision: last,
      upserted: [aVm({ id: "a", name: "z" })],
      removed: ["b"],
    });
  });

  it("resets a reader for whom too many VMs wait, once, and goes on", async () => {
    await using test = await openTestInventory({ pendingVms: 3 });
    const watch = watchVms(test, running);
    await nextOf(watch);
    for (const id of ["a", "b", "c", "d", "e"]) await test.write({ vms: [aVm({ id })] });
    const last = await test.write({ vms: [aVm({ id: "a", name: "again" })] });
    expect(await nextOf(watch)).toEqual({ kind: "RESET", revision: last, upserted: [], removed: [] });
    await test.write({ vms: [aVm({ id: "f" })] });
    expect(told(await nextOf(watch))).toEqual([["f"], []]);
  });

  it("says what changed since a revision, over restarts too", async () => {
    await using test = await openTestInventory();
    await test.write({ vms: ["same", "changed", "left", "gone"].map((id) => aVm({ id })) });
    const since = test.inventory.revision;
    await test.write({ vms: [aVm({ id: "changed", name: "new" }), off("left"), aVm({ id: "came" })] });
    const last = await test.write({ removedVms: ["gone"] });
    for (const phase of ["before", "after"] as const) {
      if (phase === "after") await test.restart();
      const change = await nextOf(watchVms(test, running, since));
      expect([idsOf(change.upserted).sort(), [...change.removed].sort()]).toEqual([
        ["came", "changed"],
        ["gone", "left"],
      ]);
      expect(change).toMatchObject({ kind: "CHANGES", revision: last });
      expect(told(await nextOf(watchVms(test, running, last)))).toEqual([[], []]);
    }
  });

  it("counts a task as nothing missed", async () => {
    await using test = await openTestInventory();
    const since = await test.write({ vms: [aVm({ id: "a" })] });
    const { revision } = await test.store.createTask({
      task: aTask({ id: "t" }),
      idempotencyKey: null,
      inputHash: "h",
    });
    await test.inventory.caughtUp(revision);
    expect(await nextOf(watchVms(test, {}, since))).toEqual({ kind: "CHANGES", revision, upserted: [], removed: [] });
  });

  it("resets a revision that is too old, foreign, ahead, or nonsense", async () => {
    await using test = await openTestInventory({ removedVms: 2 });
    await using other = await openTestInventory();
    const old = await test.write({ vms: ["a", "b", "c", "d"].map((id) => aVm({ id })) });
    for (const id of ["a", "b", "c"]) await test.write({ removedVms: [id] });
    const revision = test.inventory.revision;
    const ahead = revision.replace(/\d+$/, "999");
    for (const since of [old, other.inventory.revision, ahead, "nonsense", ""]) {
      const change = await nextOf(watchVms(test, {}, since));
      expect(change).toEqual({ kind: "RESET", revision, upserted: [], removed: [] });
    }
  });

  it("resets who missed more than may wait", async () => {
    await using test = await openTestInventory({ pendingVms: 3 });
    const since = test.inventory.revision;
    await test.write({ vms: ["a", "b", "c", "d"].map((id) => aVm({ id })) });
    expect((await nextOf(watchVms(test, {}, since))).kind).toBe("RESET");
  });
});

describe("a subscription", () => {
  it("ends with its signal, with its reader, and with the inventory, and leaves nothing behind", async () => {
    await using test = await openTestInventory();
    const { inventory } = test;
    const controller = new AbortController();
    const open = (signal: AbortSignal): AsyncIterator<unknown>[] =>
      [
        inventory.watchVms({}, undefined, signal),
        inventory.watchUsage({}, signal),
        inventory.watchNodes(signal),
        inventory.watchTasks(() => true, signal),
      ].map((stream) => stream[Symbol.asyncIterator]());
    const [aborted, returned, closed] = [open(controller.signal), open(never), open(never)];
    const pending = [...aborted, ...returned, ...closed].slice(1).map((iterator) => iterator.next());
    expect(inventory.watcherCount).toBe(12);
    controller.abort();
    expect(inventory.watcherCount).toBe(8);
    for (const iterator of returned) await iterator.return?.();
    expect(inventory.watcherCount).toBe(4);
    await inventory.close();
    expect(inventory.watcherCount).toBe(0);
    const results = await Promise.all(pending);
    expect(results.filter(({ done }) => done !== true)).toHaveLength(2);
    expect(await aborted[0]?.next()).toEqual({ done: true, value: undefined });
    expect(open(AbortSignal.abort())).toHaveLength(4);
    expect(inventory.watcherCount).toBe(0);
  });

  it("may be left by a loop at any moment", async () => {
    await using test = await openTestInventory();
    for await (const change of test.inventory.watchVms({}, undefined, never)) {
      expect(change.kind).toBe("CHANGES");
      break;
    }
    expect(test.inventory.watcherCount).toBe(0);
  });
});

describe("watching nodes and readings", () => {
  it("tells changed nodes, those whose age moved, and removed ones, each once", async () => {
    await using test = await openTestInventory();
    await test.write({ nodes: [aNode({ name: "a" }), aNode({ name: "b" }), aNode({ name: "c" })] });
    const watch = test.inventory.watchNodes(never)[Symbol.asyncIterator]();
    await test.write({ nodes: [aNode({ name: "a", status: "UNREACHABLE" })] });
    await test.store.pulse({ nodes: [aNodePulse({ node: "a" }), aNodePulse({ node: "b" })], usages: [] });
    const revision = await test.write({ removedNodes: ["c"] });
    const change = await nextOf(watch);
    expect(change).toMatchObject({ revision, removed: ["c"] });
    expect(change.nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      aNode({ name: "a", status: "UNREACHABLE" }),
      aNode({ name: "b" }),
    ]);
    await test.store.pulse({ nodes: [aNodePulse({ node: "b" })], usages: [] });
    await test.store.pulse({ nodes: [aNodePulse({ node: "a", cpuUsageMhz: 1 })], usages: [] });
    expect((await nextOf(watch)).nodes.map(({ name }) => name)).toEqual(["a"]);
  });

  it("tells which matching VMs' readings moved, each once", async () => {
    await using test = await openTestInventory();
    await test.write({ vms: [aVm({ id: "a" }), aVm({ id: "b" }), off("off"), aVm({ id: "gone" })] });
    const watch = test.inventory.watchUsage(running, never)[Symbol.asyncIterator]();
    const readings = (uptimeSeconds: number): ReturnType<typeof aUsage>[] =>
      ["a", "off", "gone"].map((vmId) => aUsage({ vmId, uptimeSeconds }));
    await test.store.pulse({ nodes: [], usages: readings(1) });
    await test.store.pulse({ nodes: [], usages: readings(2) });
    await test.write({ removedVms: ["gone"] });
    expect(await nextOf(watch)).toEqual(["a"]);
    await test.store.pulse({ nodes: [], usages: readings(2) });
    await test.store.pulse({ nodes: [], usages: [aUsage({ vmId: "off" })] });
    await test.store.pulse({ nodes: [], usages: [aUsage({ vmId: "b" })] });
    expect(await nextOf(watch)).toEqual(["b"]);
  });
});

describe("tasks", () => {
  it("are told in their latest form, and are live until they end, over restarts", async () => {
    await using test = await openTestInventory();
    const task = aTask({ id: "t" });
    const watch = test.inventory.watchTasks(({ node }) => node === "alpha", never)[Symbol.asyncIterator]();
    await test.store.createTask({ task, idempotencyKey: null, inputHash: "h" });
    await test.store.createTask({ task: aTask({ id: "other", node: "beta" }), idempotencyKey: null, inputHash: "h" });
    const started = { ...task, state: "RUNNING" } as const;
    await test.inventory.caughtUp(await test.store.saveTask(started));
    expect(await nextOf(watch)).toEqual([started]);
    expect(test.inventory.liveTask("t")).toEqual(started);
    await test.restart();
    expect(test.inventory.liveTask("t")).toEqual(started);
    expect(test.inventory.liveTask("other")).toBeDefined();
    await test.inventory.caughtUp(await test.store.saveTask({ ...task, state: "SUCCEEDED", finishedAt: at }));
    expect(test.inventory.liveTask("t")).toBeUndefined();
  });

  it("cut off a reader for whom too many wait, and say so", async () => {
    await using test = await openTestInventory({ pendingTasks: 2 });
    const watch = test.inventory.watchTasks(() => true, never)[Symbol.asyncIterator]();
    for (const id of ["a", "b", "c"]) {
      const { revision } = await test.store.createTask({ task: aTask({ id }), idempotencyKey: null, inputHash: "h" });
      await test.inventory.caughtUp(revision);
    }
    await expect(watch.next()).rejects.toSatisfy((error) => isAppError(error, "LIMIT_EXCEEDED"));
    expect(test.inventory.watcherCount).toBe(0);
  });
});

describe("news that break off", () => {
  it.each(["a reset", "an error"])("because of %s: everything is loaded again and everybody told", async (what) => {
    await using test = await openTestInventory();
    await test.write({ nodes: [aNode({ name: "n" })], vms: [aVm({ id: "a" })] });
    const task = aTask({ id: "t", state: "RUNNING" });
    await test.store.createTask({ task, idempotencyKey: null, inputHash: "h" });
    const breaking = new AbortController();
    let watches = 0;
    const watch = (since: Revision, signal: AbortSignal): AsyncIterable<StoreNews> => {
      watches += 1;
      return watches === 1 ? breakingNews() : test.store.watch(since, signal);
    };
    async function* breakingNews(): AsyncGenerator<StoreNews> {
      await new Promise((resolve) => breaking.signal.addEventListener("abort", resolve));
      if (what === "an error") throw new Error("the line was cut");
      yield { kind: "reset" };
    }
    const inventory = await createInventory({ store: { ...test.store, watch }, log: silentLog });
    const vms = inventory.watchVms({}, undefined, never)[Symbol.asyncIterator]();
    const nodes = inventory.watchNodes(never)[Symbol.asyncIterator]();
    const tasks = inventory.watchTasks(() => true, never)[Symbol.asyncIterator]();
    await nextOf(vms);
    await test.write({ removedNodes: ["n"], vms: [aVm({ id: "b" })] });
    const ended = { ...task, state: "SUCCEEDED", finishedAt: at } as const;
    const revision = await test.store.saveTask(ended);
    expect(inventory.vm("b")).toBeUndefined();
    breaking.abort();
    await inventory.caughtUp(revision);
    expect(await nextOf(vms)).toEqual({ kind: "RESET", revision, upserted: [], removed: [] });
    expect(await nextOf(nodes)).toMatchObject({ nodes: [], removed: ["n"] });
    expect(await nextOf(tasks)).toEqual([ended]);
    expect([inventory.vm("b"), inventory.liveTask("t")]).toEqual([aVm({ id: "b" }), undefined]);
    await test.store.apply({ vms: [aVm({ id: "c" })] });
    expect(told(await nextOf(vms))).toEqual([["c"], []]);
    await inventory.close();
  });
});
