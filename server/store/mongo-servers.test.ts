/** What MongoDB's store does beyond the contract: several servers on one database, and what a dead one left half done. */
import { afterEach, describe, expect, it } from "vitest";
import { findMongo, type TestDatabase } from "../../e2e/harness/mongo/server.ts";
import { withDatabase } from "../../e2e/harness/mongo/with-database.ts";
import { systemClock } from "../clock.ts";
import { isAppError } from "../errors.ts";
import { silentLog } from "../log.ts";
import type { Revision } from "../model.ts";
import { aNode, aNodePulse, aTask, aUsage, aVm } from "./contract/samples.ts";
import { newsUntil } from "./contract/subject.ts";
import type { Lease, LeaseStore } from "./leases.ts";
import { copyDatabase } from "./mongo/testing/copy-database.ts";
import { openMongoStore } from "./mongo.ts";
import type { InventoryStore, StoredInventory } from "./store.ts";

const mongo = await findMongo();
/** How many write at once on each server. */
const writersEach = 6;

describe.skipIf(mongo.missing)(mongo.nameWithReason(`Several servers on ${mongo.name}`), () => {
  const opened: InventoryStore[] = [];
  const made: TestDatabase[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await Promise.all(made.splice(0).map((database) => database.drop()));
  });

  function newDatabase(): TestDatabase {
    const database = mongo.newDatabase();
    made.push(database);
    return database;
  }

  async function server({ url, dbName }: TestDatabase): Promise<InventoryStore> {
    const store = await openMongoStore({ url, dbName, shown: mongo.name, clock: systemClock, log: silentLog });
    opened.push(store);
    return store;
  }

  it("hear of each other's changes, tasks, readings and deeds", async () => {
    const database = newDatabase();
    const [one, other] = [await server(database), await server(database)];
    const { revision } = await other.load();
    await one.apply({ nodes: [aNode({ name: "alpha" })], vms: [aVm({ id: "a" })] });
    await one.createTask({ task: aTask({ id: "t" }), idempotencyKey: null, inputHash: "h" });
    await one.pulse({ nodes: [aNodePulse({ node: "alpha" })], usages: [aUsage({ vmId: "a" })] });
    await one.appendAudit({ actor: "bob", action: "CANCEL_TASK", taskId: "t", node: "alpha", vmId: null, input: "{}" });
    const news = await newsUntil(other, revision, ({ kind }) => kind === "deed");
    expect(news.map(({ kind }) => kind)).toEqual(["change", "task", "pulse", "deed"]);
    expect(sorted(await other.load())).toEqual(sorted(await one.load()));
    expect(await other.task("t")).toEqual(aTask({ id: "t" }));
    expect(await other.verifyAudit()).toBeUndefined();
  });

  const isSlow = mongo.kind === "ferretdb";
  const slow = isSlow ? " (skipped: 900 commits in turn take minutes on FerretDB)" : "";

  it.skipIf(isSlow)(
    `commit at the same time, each under a revision of its own, and agree in the end${slow}`,
    async () => {
      const database = newDatabase();
      const servers = [await server(database), await server(database), await server(database)];
      const revisions: Revision[] = [];
      const writeOn = async (store: InventoryStore, name: string): Promise<void> => {
        for (let round = 0; round < 25; round += 1) {
          const id = `vm-${round % 7}`;
          const change = round % 5 === 4 ? { removedVms: [id] } : { vms: [aVm({ id, comment: `${name} ${round}` })] };
          revisions.push(await store.apply(change));
          await store.createTask({ task: aTask({ id: `${name}-${round}` }), idempotencyKey: null, inputHash: "h" });
        }
      };
      const writers = servers.flatMap((store, index) =>
        Array.from({ length: writersEach }, (_, writer) => writeOn(store, `${index}-${writer}`)),
      );
      await Promise.all(writers);
      await Promise.all(servers.map((store) => store.apply({ nodes: [aNode({ name: "end" })] })));
      const fresh = await server(database);
      const expected = sorted(await fresh.load());
      for (const store of servers) {
        await expect.poll(async () => sorted(await store.load()), { timeout: 10_000 }).toEqual(expected);
        expect(await store.verifyAudit()).toBeUndefined();
      }
      expect(await fresh.audit()).toHaveLength(servers.length * writersEach * 25);
    },
  );

  it("record one task about a VM between them, and one under a key", async () => {
    const database = newDatabase();
    const servers = [await server(database), await server(database), await server(database)];
    const alone = { vmId: "vm-1", key: null };
    const rivals = await Promise.all(
      servers.map((store, index) =>
        store.createTask({ task: aTask({ id: `rival ${index}` }), idempotencyKey: null, inputHash: "h", alone }),
      ),
    );
    expect(rivals.filter(({ isNew }) => isNew)).toHaveLength(1);
    const repeats = await Promise.all(
      servers.map((store, index) =>
        store.createTask({ task: aTask({ id: `repeat ${index}`, vmId: null }), idempotencyKey: "key", inputHash: "h" }),
      ),
    );
    expect(new Set(repeats.map(({ task }) => task.id)).size).toBe(1);
  });

  it("take a lease once, and write nothing under an old one", async () => {
    const database = newDatabase();
    const [one, other] = [await server(database), await server(database)];
    const taken = await Promise.all([leasesOf(one).take("alpha", undefined), leasesOf(other).take("alpha", undefined)]);
    expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
    const [holder, contender] = taken[0] === undefined ? [other, one] : [one, other];
    const old = taken.find((lease) => lease !== undefined);
    if (old === undefined) throw new Error("nobody holds it");
    await holder.apply({ nodes: [aNode({ name: "alpha" })], vms: [aVm({ id: "a" })] }, old);
    await holder.createTask({ task: aTask({ id: "t" }), idempotencyKey: null, inputHash: "h" });
    const [seen] = (await leasesOf(contender).look()).leases;
    const taking = await leasesOf(contender).take("alpha", seen);
    expect(taking).toEqual({ node: "alpha", fence: old.fence + 1 });
    expect(await leasesOf(contender).take("alpha", seen)).toBeUndefined();
    const refused: Lease[] = [];
    leasesOf(holder).onRefusal((lease) => refused.push(lease), AbortSignal.timeout(10_000));
    await expectLost(() => holder.apply({ vms: [aVm({ id: "a", powerState: "OFF" })] }, old));
    await expectLost(() => holder.pulse({ nodes: [], usages: [aUsage({ vmId: "a" })] }, old));
    await expectLost(() => holder.saveTask(aTask({ id: "t", state: "RUNNING" }), old));
    expect(refused).toEqual([old, old, old]);
    await contender.saveTask(aTask({ id: "t", state: "FAILED" }), taking);
    expect(await leasesOf(holder).beat([old], ["alpha"])).toEqual([]);
    expect((await contender.load()).vms).toEqual([aVm({ id: "a" })]);
  });

  it("keep the end of a task whose recording its server did not get to write down", async () => {
    const database = newDatabase();
    const [dying, holder] = [await server(database), await server(database)];
    const { revision } = await holder.load();
    await dying.createTask({ task: aTask({ id: "t" }), idempotencyKey: null, inputHash: "h" });
    await newsUntil(holder, revision, ({ kind }) => kind === "task");
    await withDatabase(database, (db) => db.collection("tasks").deleteMany({}));
    await holder.saveTask(aTask({ id: "t", state: "SUCCEEDED" }));
    for (const store of [holder, await server(database)])
      expect(await store.task("t")).toEqual(aTask({ id: "t", state: "SUCCEEDED" }));
  });

  it("set a lease free, renew it, and leave", async () => {
    const database = newDatabase();
    const [one, other] = [await server(database), await server(database)];
    const lease = await leasesOf(one).take("alpha", undefined);
    if (lease === undefined) throw new Error("not taken");
    const before = (await leasesOf(other).look()).leases;
    expect(await leasesOf(one).beat([lease], ["alpha"])).toEqual([lease]);
    const { leases, servers } = await leasesOf(other).look();
    expect(leases[0]?.beat).not.toBe(before[0]?.beat);
    expect(servers).toEqual([{ id: leasesOf(one).self, beat: 1, nodes: ["alpha"] }]);
    const heard = Promise.withResolvers<void>();
    leasesOf(other).onChange(heard.resolve, AbortSignal.timeout(10_000));
    await leasesOf(one).release(lease);
    await leasesOf(one).leave();
    await heard.promise;
    const after = await leasesOf(other).look();
    expect(after).toMatchObject({ leases: [{ node: "alpha", owner: null }], servers: [] });
    expect(await leasesOf(other).take("alpha", after.leases[0])).toEqual({ node: "alpha", fence: lease.fence + 1 });
  });

  it("find what a server committed that died before it wrote the effects", async () => {
    const database = newDatabase();
    const [one, dying] = [await server(database), await server(database)];
    await one.apply({ vms: [aVm({ id: "a" }), aVm({ id: "b" })] });
    await dying.createTask({ task: aTask({ id: "t" }), idempotencyKey: "key", inputHash: "h" });
    const expected = sorted(await one.apply({ removedVms: ["a"] }).then(() => one.load()));
    await withDatabase(database, async (db) => {
      // As if the last commit had got no further than the journal.
      await db.collection<{ _id: string }>("vms").deleteMany({});
      const earlier = [aVm({ id: "a" }), aVm({ id: "b" })].map((vm) => ({ _id: vm.id, v: 1, seq: 1, revision: 1, vm }));
      await db.collection<{ _id: string }>("vms").insertMany(earlier);
    });
    expect(sorted(await (await server(database)).load())).toEqual(expected);
  });

  it("read all anew and reset their watchers when the journal was cut off behind their back", async () => {
    const database = newDatabase();
    const [one, sleeper] = [await server(database), await server(database)];
    const { revision } = await sleeper.load();
    await withDatabase(database, async (db) => {
      const journal = db.collection<{ _id: number }>("journal");
      const [last] = await journal.find().sort({ _id: -1 }).limit(1).toArray();
      await journal.deleteMany({});
      await journal.insertOne({ ...last, _id: 100 });
    });
    const news = await newsUntil(sleeper, revision, ({ kind }) => kind === "reset");
    expect(news.at(-1)).toEqual({ kind: "reset" });
    await sleeper.apply({ vms: [aVm({ id: "after" })] });
    await one.apply({ vms: [aVm({ id: "also after" })] });
    expect(sorted(await one.load())).toEqual(sorted(await (await server(database)).load()));
  });

  it.each([
    ["at once", false],
    ["after something was committed to it in good faith", true],
  ])("notice that the database was replaced by another one, %s, and go on with that", async (_, isLate) => {
    const database = newDatabase();
    const old = await server(database);
    for (let round = 0; round < 5; round += 1) await old.apply({ vms: [aVm({ id: "old", comment: `${round}` })] });
    const { revision } = await old.load();
    const elsewhere = newDatabase();
    const other = await server(elsewhere);
    await other.apply({ vms: [aVm({ id: "restored" })] });
    await withDatabase(database, (db) => db.dropDatabase());
    await copyDatabase({ url: database.url, from: elsewhere.dbName, to: database.dbName });
    if (isLate) await old.appendAudit({ ...cancellation, actor: "in good faith" });
    const news = await newsUntil(old, revision, ({ kind }) => kind === "reset");
    expect(news.at(-1)).toEqual({ kind: "reset" });
    const found = await old.load();
    expect(sorted(found)).toEqual(sorted(await other.load()));
    const next = newsUntil(old, found.revision, () => true);
    await old.apply({ vms: [aVm({ id: "after" })] });
    expect(await next).toMatchObject([{ kind: "change", change: { vms: [{ id: "after" }] } }]);
  });

  it("lets the original's collection be", async () => {
    const database = newDatabase();
    const machine = { _id: "esx1/vm-1", name: "left alone" };
    await withDatabase(database, (db) => db.collection<{ _id: string; name: string }>("machines").insertOne(machine));
    const store = await server(database);
    await store.apply({ vms: [aVm({ id: "a" })] });
    await withDatabase(database, async (db) => {
      expect(await db.collection("machines").find().toArray()).toEqual([machine]);
    });
  });

  it("refuses a database that a newer ECoMan wrote", async () => {
    const database = newDatabase();
    const store = await server(database);
    await store.apply({ vms: [aVm({ id: "a" })] });
    await withDatabase(database, (db) => db.collection("journal").updateMany({}, { $set: { v: 99 } }));
    await expect(server(database)).rejects.toSatisfy(
      (error) => isAppError(error, "CONFLICT") && error.message.includes("newer ECoMan"),
    );
  });

  it("takes nothing but text into a query", async () => {
    const store = await server(newDatabase());
    const operator = { $ne: null } as unknown as string;
    for (const asked of [store.task(operator), store.tasks({ filter: { nodes: [operator] }, limit: 1 })]) {
      await expect(asked).rejects.toSatisfy((error) => isAppError(error, "INVALID_INPUT"));
    }
    await expect(store.loginRefusal(operator)).rejects.toSatisfy((error) => isAppError(error, "INVALID_INPUT"));
  });
});

const cancellation = { actor: "bob", action: "CANCEL_TASK", taskId: "t", node: "alpha", vmId: null, input: "{}" };

function leasesOf({ leases }: InventoryStore): LeaseStore {
  if (leases === null) throw new Error("no leases");
  return leases;
}

async function expectLost(write: () => Promise<unknown>): Promise<void> {
  await expect(write()).rejects.toSatisfy((error) => isAppError(error, "LEASE_LOST"));
}

function sorted(stored: StoredInventory): unknown {
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
  return {
    ...stored,
    vms: [...stored.vms].sort(byId),
    nodes: [...stored.nodes].sort((a, b) => (a.name < b.name ? -1 : 1)),
    vmRevisions: new Map([...stored.vmRevisions].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
