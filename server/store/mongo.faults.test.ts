/** What a store writes over a line that breaks: the collections, without the journal, hold all of it in the end. */
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type MongoProxy, startMongoProxy } from "../../e2e/harness/mongo/proxy.ts";
import { findMongo, type TestDatabase } from "../../e2e/harness/mongo/server.ts";
import { testStores } from "../../e2e/harness/mongo/test-stores.ts";
import { withDatabase } from "../../e2e/harness/mongo/with-database.ts";
import { createRandom, type Random } from "../../simulator/random.ts";
import type { Task } from "../model.ts";
import { aNode, aTask, aVm } from "./contract/samples.ts";
import type { InventoryStore } from "./store.ts";

const mongo = await findMongo();
const seed = Number(process.env["SEED"] ?? 20_261_129);

/** One fault after the other, each for a moment, with a moment's peace after it. */
async function trouble(proxy: MongoProxy, random: Random, signal: AbortSignal): Promise<void> {
  const faults: readonly (() => void)[] = [
    () => proxy.stepDown({ doneShare: 0 }),
    () => proxy.stepDown({ doneShare: 0.5 }),
    () => proxy.loseAnswers(0.5),
    () => proxy.cutAtRandom({ nextBreak: () => ({ afterMs: random.between(0, 5), afterBytes: 1e6 }) }),
  ];
  while (!signal.aborted) {
    random.pick(faults)();
    await delay(random.between(5, 30));
    await proxy.calm();
    await delay(random.between(10, 60));
  }
}

const taskOf = (index: number): Task => aTask({ id: `t-${index}` });
const creationOf = (index: number) => ({ task: taskOf(index), idempotencyKey: `key ${index}`, inputHash: "h" });

/** For so long, in ms; answers how often. Nothing is written twice: what is lost once stays lost. */
async function writeNew(store: InventoryStore, ms: number): Promise<number> {
  const until = performance.now() + ms;
  let index = 0;
  for (; performance.now() < until; index += 1) {
    const vms = [aVm({ id: `vm-${index}` }), aVm({ id: `other-${index}` })];
    await store.apply({ vms, nodes: [aNode({ name: `esx-${index}` })], removedVms: [`other-${index - 5}`] });
    await store.createTask(creationOf(index));
  }
  return index;
}

/** Only the journal's end is kept, as after ten minutes. */
async function forgetJournal(database: TestDatabase): Promise<void> {
  await withDatabase(database, async (db) => {
    const journal = db.collection<{ _id: number }>("journal");
    const numbers = await journal.distinct("_id");
    await journal.deleteMany({ _id: { $lt: Math.max(...numbers) } });
  });
}

/** As a server has it in memory: at its start, from the collections. */
async function inventoryOf(store: InventoryStore): Promise<unknown> {
  const { vms, nodes, removed, vmRevisions } = await store.load();
  return {
    vms: vms.map((vm) => JSON.stringify(vm)).toSorted(),
    nodes: nodes.map((node) => JSON.stringify(node)).toSorted(),
    removed: removed.map(({ id, revision }) => `${id} ${revision}`).toSorted(),
    revisions: [...vmRevisions].map(([id, revision]) => `${id} ${revision}`).toSorted(),
  };
}

describe.skipIf(mongo.missing)(mongo.nameWithReason(`A store over a line that breaks, on ${mongo.name}`), () => {
  it(`loses nothing that it wrote (SEED=${seed})`, async () => {
    const random = createRandom(seed, "faults");
    await using closing = new AsyncDisposableStack();
    const database = closing.use(mongo.newDatabase());
    const proxy = closing.use(await startMongoProxy({ target: database.url, random: () => random.next() }));
    const stores = closing.use(testStores(mongo, database));
    const store = await stores.open(proxy.url);
    const calm = new AbortController();
    const troubled = trouble(proxy, random, calm.signal);
    const count = await writeNew(store, 15_000);
    calm.abort();
    await troubled;
    expect(proxy.struck.falseAnswers + proxy.struck.cuts).toBeGreaterThan(20);
    const expected = await inventoryOf(store);
    await store.close();
    await forgetJournal(database);
    const fresh = await stores.open();
    expect(await inventoryOf(fresh)).toEqual(expected);
    for (let index = 0; index < count; index += 1) {
      expect(await fresh.task(`t-${index}`)).toEqual(taskOf(index));
      expect(await fresh.createTask(creationOf(index))).toMatchObject({ isNew: false, task: { id: `t-${index}` } });
    }
    expect(await fresh.audit()).toHaveLength(count);
    expect(await fresh.verifyAudit()).toBeUndefined();
  }, 60_000);
});
