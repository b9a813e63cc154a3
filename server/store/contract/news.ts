/** Contract: news come in order, without gaps, after the commit, to everybody. */
import { expect, it } from "vitest";
import type { Revision } from "../../model.ts";
import type { InventoryStore, StoreNews } from "../store.ts";
import { aNode, aNodePulse, aTask, aVm } from "./samples.ts";
import type { Stores } from "./subject.ts";
import { newsSoFar, newsUntil, numberOf } from "./subject.ts";

export function newsContract(stores: Stores): void {
  it("tells what was committed between load and watch, and after", async () => {
    const store = await stores.open();
    const { revision } = await store.load();
    const first = await store.apply({ vms: [aVm({ id: "a" })] });
    const reading = newsUntil(store, revision, isChangeOf("b"));
    const second = await store.apply({ vms: [aVm({ id: "b" })] });
    expect((await reading).map(revisionOf)).toEqual([first, second]);
  });

  it("tells changes, tasks and pulses in the order in which they were written", async () => {
    const store = await stores.open();
    const { revision } = await store.load();
    const task = aTask({ id: "t" });
    await store.apply({ nodes: [aNode({ name: "alpha" })], vms: [aVm({ id: "a" })] });
    await store.createTask({ task, idempotencyKey: null, inputHash: "h" });
    await store.pulse({ nodes: [aNodePulse({ node: "alpha" })], usages: [] });
    await store.saveTask({ ...task, state: "RUNNING" });
    await store.apply({ removedVms: ["a"] });
    const news = await newsSoFar(store, revision);
    expect(news.map(({ kind }) => kind)).toEqual(["change", "task", "pulse", "task", "change"]);
    expect(news[1]).toMatchObject({ task });
    expect(news[2]).toMatchObject({ pulse: { nodes: [aNodePulse({ node: "alpha" })] } });
    expect(news[3]).toMatchObject({ task: { state: "RUNNING" } });
    expect(news[4]).toMatchObject({ change: { removedVms: ["a"] } });
  });

  it("tells of a deed that makes no task, under no revision of its own", async () => {
    const store = await stores.open();
    const { revision } = await store.load();
    const deed = { actor: "bob", action: "CANCEL_TASK", taskId: "t1", node: "alpha", vmId: null, input: "{}" };
    await store.appendAudit(deed);
    expect((await store.load()).revision).toBe(revision);
    expect(await newsSoFar(store, revision)).toEqual([{ kind: "deed", deed }]);
  });

  it("tells nothing before it is committed", async () => {
    const store = await stores.open();
    const { revision } = await store.load();
    const reading = (async () => {
      for await (const news of store.watch(revision, AbortSignal.timeout(15_000))) {
        if (news.kind !== "change") continue;
        expect(numberOf((await store.load()).revision)).toBeGreaterThanOrEqual(numberOf(news.revision));
        if (isChangeOf("vm-9")(news)) return true;
      }
      return false;
    })();
    for (let index = 0; index < 10; index += 1) await store.apply({ vms: [aVm({ id: `vm-${index}` })] });
    expect(await reading).toBe(true);
  });

  it("goes on where an earlier watch stopped", async () => {
    const store = await stores.open();
    let since = (await store.load()).revision;
    for (const id of ["a", "b", "c", "d"]) await store.apply({ vms: [aVm({ id })] });
    for (const id of ["a", "b", "c", "d"]) {
      const [news, ...more] = await newsUntil(store, since, () => true);
      expect(news && isChangeOf(id)(news)).toBe(true);
      expect(more).toEqual([]);
      since = revisionOf(news);
    }
  });

  it("tells every one of many watchers the same", async () => {
    const store = await stores.open();
    const { revision } = await store.load();
    const readers = Array.from({ length: 60 }, () => newsUntil(store, revision, isChangeOf("last")));
    for (const id of ["a", "b", "last"]) await store.apply({ vms: [aVm({ id })] });
    const [first, ...others] = await Promise.all(readers);
    expect(first?.map(revisionOf)).toHaveLength(3);
    for (const other of others) expect(other.map(revisionOf)).toEqual(first?.map(revisionOf));
  });

  it.each(["of another store", "ahead of all commits", "no revision at all"])(
    "resets, once, a revision %s",
    async (what) => {
      const store = await stores.open();
      const { revision } = await store.load();
      const foreign: Record<string, Revision> = {
        "of another store": (await (await stores.open()).load()).revision,
        "ahead of all commits": revision.replace(/\d+$/, (digits) => String(Number(digits) + 1)),
        "no revision at all": "xyzzy",
      };
      expect(await all(store.watch(foreign[what] ?? "", AbortSignal.timeout(15_000)))).toEqual([{ kind: "reset" }]);
    },
  );

  it("ends a watch when its signal is aborted, also when that was before", async () => {
    const store = await stores.open();
    const { revision } = await store.load();
    const controller = new AbortController();
    const reading = all(store.watch(revision, controller.signal));
    const [before] = await Promise.all([all(store.watch(revision, AbortSignal.abort())), settle(store)]);
    controller.abort();
    expect(await reading).toEqual([]);
    expect(before).toEqual([]);
  });

  it("ends every watch when it closes", async () => {
    const store = await stores.open();
    const { revision } = await store.load();
    const never = new AbortController().signal;
    const readings = [all(store.watch(revision, never)), all(store.watch(revision, never))];
    await settle(store);
    await store.close();
    expect(await Promise.all(readings)).toEqual([[], []]);
  });

  it("continues a revision from before a restart, or resets it", async () => {
    const place = await stores.subject.newPlace();
    const before = await stores.open({ place });
    const old = await before.apply({ vms: [aVm({ id: "a" })] });
    const last = await before.apply({ vms: [aVm({ id: "b" })] });
    await before.close();
    const store = await stores.open({ place });
    expect((await store.load()).revision).toBe(last);
    const next = await store.apply({ vms: [aVm({ id: "c" })] });
    expect(numberOf(next)).toBeGreaterThan(numberOf(last));
    expect((await newsUntil(store, last, isChangeOf("c"))).map(revisionOf)).toEqual([next]);
    const fromOld = await newsUntil(store, old, (news) => news.kind === "reset" || isChangeOf("c")(news));
    if (fromOld[0]?.kind !== "reset") expect(fromOld.map(revisionOf)).toEqual([last, next]);
  });
}

function isChangeOf(vmId: string): (news: StoreNews) => boolean {
  return (news) => news.kind === "change" && news.change.vms?.[0]?.id === vmId;
}

function revisionOf(news: StoreNews | undefined): Revision {
  if (news === undefined || !("revision" in news)) throw new Error("news without a revision");
  return news.revision;
}

async function all(watch: AsyncIterable<StoreNews>): Promise<StoreNews[]> {
  const seen: StoreNews[] = [];
  for await (const news of watch) seen.push(news);
  return seen;
}

/** Lets watches begin; what they do is the same when they have not. */
async function settle(store: InventoryStore): Promise<void> {
  await store.load();
  await new Promise(setImmediate);
}
