/** Contract: what is applied is what is loaded, and nothing else is written. */
import { expect, it } from "vitest";
import { aNode, aNodePulse, aTask, aUsage, aVm } from "./samples.ts";
import type { Stores } from "./subject.ts";
import { newsSoFar, numberOf } from "./subject.ts";

export function inventoryContract(stores: Stores): void {
  it("is empty at first, and can be resumed from there", async () => {
    const store = await stores.open();
    const { revision, oldestResumable, ...rest } = await store.load();
    expect(rest).toEqual({ nodes: [], pulses: [], vms: [], usages: [], removed: [], vmRevisions: new Map() });
    expect(oldestResumable).toBe(revision);
  });

  it("loads what was applied, each VM with the revision that last changed it", async () => {
    const store = await stores.open();
    const first = await store.apply({ nodes: [aNode({ name: "alpha" })], vms: [aVm({ id: "a" }), aVm({ id: "b" })] });
    const second = await store.apply({ vms: [aVm({ id: "b", name: "renamed" })] });
    const loaded = await store.load();
    expect(loaded.revision).toBe(second);
    expect(loaded.nodes).toEqual([aNode({ name: "alpha" })]);
    expect(byId(loaded.vms)).toEqual([aVm({ id: "a" }), aVm({ id: "b", name: "renamed" })]);
    expect(loaded.vmRevisions).toEqual(
      new Map([
        ["a", first],
        ["b", second],
      ]),
    );
  });

  it("keeps any text as it is", async () => {
    const store = await stores.open();
    const odd = aVm({
      id: "odd",
      name: "a'b\"; \\ \u0000\u0007 ünïcode 虚拟 💾",
      comment: "two\r\nlines",
      node: "__proto__",
    });
    await store.apply({ vms: [odd] });
    expect((await store.load()).vms).toEqual([odd]);
  });

  it("raises the revision by every change and every task, in one count", async () => {
    const store = await stores.open();
    const revisions = [
      (await store.load()).revision,
      await store.apply({ vms: [aVm({ id: "a" })] }),
      (await store.createTask({ task: aTask({ id: "t" }), idempotencyKey: null, inputHash: "h" })).revision,
      await store.apply({ removedVms: ["a"] }),
      await store.saveTask(aTask({ id: "t", state: "RUNNING" })),
    ];
    const numbers = revisions.map(numberOf);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it("writes nothing and says nothing for what is stored already, whatever the order of its keys", async () => {
    const store = await stores.open();
    const vm = aVm({ id: "a" });
    const revision = await store.apply({ nodes: [aNode({ name: "alpha" })], vms: [vm] });
    const turned = Object.fromEntries(Object.entries(vm).reverse()) as unknown as typeof vm;
    expect(await store.apply({})).toBe(revision);
    expect(await store.apply({ nodes: [], vms: [], removedVms: [], removedNodes: [] })).toBe(revision);
    expect(await store.apply({ nodes: [aNode({ name: "alpha" })], vms: [turned] })).toBe(revision);
    expect(await store.apply({ removedVms: ["never there"], removedNodes: ["nor this"] })).toBe(revision);
    expect(await newsSoFar(store, revision)).toEqual([]);
  });

  it("tells only what differs from what is stored", async () => {
    const store = await stores.open();
    const since = await store.apply({ vms: [aVm({ id: "a" }), aVm({ id: "b" })] });
    const changed = aVm({ id: "b", powerState: "OFF" });
    await store.apply({ vms: [aVm({ id: "a" }), changed], removedVms: ["never there"] });
    const news = await newsSoFar(store, since);
    expect(news).toHaveLength(1);
    expect(news[0]).toMatchObject({ kind: "change", change: { vms: [changed], removedVms: [] } });
  });

  it("remembers a removed VM until it comes back, and forgets its readings", async () => {
    const store = await stores.open();
    await store.apply({ vms: [aVm({ id: "a" })] });
    await store.pulse({ nodes: [], usages: [aUsage({ vmId: "a" })] });
    const removal = await store.apply({ removedVms: ["a"] });
    expect(await store.load()).toMatchObject({ vms: [], usages: [], removed: [{ id: "a", revision: removal }] });
    const revision = await store.apply({ vms: [aVm({ id: "a" })] });
    const loaded = await store.load();
    expect(loaded).toMatchObject({ removed: [], usages: [] });
    expect(loaded.vmRevisions).toEqual(new Map([["a", revision]]));
  });

  it("keeps what a change both removes and gives", async () => {
    const store = await stores.open();
    const since = await store.apply({ nodes: [aNode({ name: "n" })], vms: [aVm({ id: "a" })] });
    const change = { nodes: [aNode({ name: "n" })], vms: [aVm({ id: "a" })] };
    expect(await store.apply({ ...change, removedNodes: ["n"], removedVms: ["a"] })).toBe(since);
    expect(await store.load()).toMatchObject({ ...change, removed: [] });
  });

  it("remembers a bounded number of removals and says from when on resuming is possible", async () => {
    const store = await stores.open({ limits: { removedVms: 3 } });
    const ids = ["a", "b", "c", "d", "e"];
    await store.apply({ vms: ids.map((id) => aVm({ id })) });
    const removals = [];
    for (const id of ids) removals.push(await store.apply({ removedVms: [id] }));
    const loaded = await store.load();
    expect(loaded.removed.map(({ id }) => id)).toEqual(["c", "d", "e"]);
    expect(loaded.oldestResumable).toBe(removals[1]);
  });

  it("takes changes at the same time, each under a revision of its own", async () => {
    const store = await stores.open();
    const ids = Array.from({ length: 40 }, (_, index) => `vm-${index}`);
    const revisions = await Promise.all(ids.map((id) => store.apply({ vms: [aVm({ id })] })));
    expect(new Set(revisions).size).toBe(ids.length);
    const loaded = await store.load();
    expect(numberOf(loaded.revision)).toBe(Math.max(...revisions.map(numberOf)));
    expect(loaded.vmRevisions).toEqual(new Map(ids.map((id, index) => [id, revisions[index]])));
  });

  it("shows pulses at once, without a revision, and only those of what it holds", async () => {
    const store = await stores.open();
    const revision = await store.apply({ nodes: [aNode({ name: "alpha" })], vms: [aVm({ id: "a" })] });
    const nodes = [aNodePulse({ node: "alpha" })];
    const usages = [aUsage({ vmId: "a" })];
    await store.pulse({
      nodes: [...nodes, aNodePulse({ node: "gone" })],
      usages: [...usages, aUsage({ vmId: "gone" })],
    });
    expect(await store.load()).toMatchObject({ revision, pulses: nodes, usages });
    await store.pulse({ nodes: [], usages: [aUsage({ vmId: "a", uptimeSeconds: 7200 })] });
    await store.apply({ nodes: [aNode({ name: "gone" })], vms: [aVm({ id: "gone" })] });
    expect(await store.load()).toMatchObject({ pulses: nodes, usages: [aUsage({ vmId: "a", uptimeSeconds: 7200 })] });
  });
}

function byId<T extends { readonly id: string }>(records: readonly T[]): T[] {
  return [...records].sort((a, b) => (a.id < b.id ? -1 : 1));
}
