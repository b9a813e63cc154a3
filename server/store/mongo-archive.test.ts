import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { findMongo, type TestDatabase } from "../../e2e/harness/mongo/server.ts";
import { withDatabase } from "../../e2e/harness/mongo/with-database.ts";
import type { Clock } from "../clock.ts";
import { isAppError } from "../errors.ts";
import { silentLog } from "../log.ts";
import { archiveContract } from "./archive.contract.ts";
import type { ArchiveRecord, StoreArchive } from "./archive.ts";
import { someArchive } from "./contract/archive-records.ts";
import { fillStore, textsOf, writtenTo } from "./contract/archives.ts";
import { aTask, aVm, createStillClock } from "./contract/samples.ts";
import { createMongoArchive } from "./mongo/archive.ts";
import { openMongoStore } from "./mongo.ts";
import { openSqliteStore } from "./sqlite.ts";
import { createSqliteArchive } from "./sqlite-archive.ts";
import type { InventoryStore } from "./store.ts";

const mongo = await findMongo();

describe.skipIf(mongo.missing)(mongo.nameWithReason("MongoDB"), () => {
  const databases = new Map<string, TestDatabase>();
  const folders: string[] = [];
  afterAll(async () => {
    await Promise.all([...databases.values()].map((database) => database.drop()));
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });
  const urlOf = (dbName: string): string => databases.get(dbName)?.url ?? "";
  const placeOf = (dbName: string) => ({ url: urlOf(dbName), dbName, shown: mongo.name, log: silentLog });

  async function newPlace(): Promise<string> {
    const database = mongo.newDatabase();
    databases.set(database.dbName, database);
    return database.dbName;
  }
  const archive = (dbName: string): StoreArchive => createMongoArchive(placeOf(dbName));
  const openStore = (dbName: string, clock: Clock = createStillClock()): Promise<InventoryStore> =>
    openMongoStore({ ...placeOf(dbName), clock });

  async function newSqlitePath(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "ecoman-archive-"));
    folders.push(folder);
    return join(folder, "ecoman.db");
  }

  archiveContract(mongo.name, { newPlace, archive, openStore });

  test("everything comes back the same from SQLite over MongoDB into SQLite", async () => {
    await fc.assert(
      fc.asyncProperty(someArchive, async (records) => {
        const [first, second] = [await newSqlitePath(), await newSqlitePath()];
        const between = archive(await newPlace());
        await createSqliteArchive(first).write(writtenTo(records));
        await between.write(createSqliteArchive(first).read());
        await createSqliteArchive(second).write(between.read());
        const texts = await textsOf(createSqliteArchive(first).read());
        expect(await textsOf(between.read())).toEqual(texts);
        expect(await textsOf(createSqliteArchive(second).read())).toEqual(texts);
      }),
      { numRuns: 10 },
    );
  });

  test("what is read while a server writes is what there was after one of its deeds", async () => {
    const dbName = await newPlace();
    const clock: Clock = createStillClock();
    const store = await openStore(dbName, clock);
    const deeds = someDeeds();
    for (const deed of deeds.splice(0, 12)) await deed(store);
    const texts: string[] = [];
    for await (const record of archive(dbName).read()) {
      texts.push(JSON.stringify(record));
      for (const deed of deeds.splice(0, 4)) await deed(store);
    }
    expect(deeds).toEqual([]);
    await store.close();

    const path = await newSqlitePath();
    const twin = await openSqliteStore({ path, clock, log: silentLog });
    for (const deed of someDeeds().slice(0, 12)) await deed(twin);
    await twin.close();
    expect(texts).toEqual(await textsOf(createSqliteArchive(path).read()));
  });

  test("and so it is wherever in the reading the writing falls", async () => {
    const dbName = await newPlace();
    const clock: Clock = createStillClock();
    const store = await openStore(dbName, clock);
    const writing = (async () => {
      for (const deed of someDeeds(25)) await deed(store);
    })();
    const reads: string[][] = [];
    const over = writing.then(() => true);
    do reads.push(await textsOf(archive(dbName).read()));
    while (!(await Promise.race([over, Promise.resolve(false)])));
    await store.close();

    const path = await newSqlitePath();
    const deeds = someDeeds(25);
    for (const texts of reads) {
      const twin = await openSqliteStore({ path, clock, log: silentLog });
      while (deeds.length > 0 && !(await isAt(twin, texts))) await deeds.shift()?.(twin);
      await twin.close();
      expect(texts).toEqual(await textsOf(createSqliteArchive(path).read()));
    }
    expect(reads.length).toBeGreaterThan(1);
  });

  test("no server opens a database that is being restored, and one that runs makes no restore", async () => {
    const [from, dbName] = [await newPlace(), await newPlace()];
    const source = await openStore(from);
    await fillStore(source);
    await source.close();
    let refusals = 0;
    async function* watched(): AsyncGenerator<ArchiveRecord> {
      for await (const record of archive(from).read()) {
        if (record.kind === "task") {
          const opening = openStore(dbName);
          await expect(opening).rejects.toThrow(/under way, or was broken off.*Do the restore again/);
          refusals += 1;
        }
        yield record;
      }
    }
    await archive(dbName).write(watched());
    expect(refusals).toBe(10);
    const running = await openStore(dbName);
    await expect(archive(dbName).write(archive(from).read())).rejects.toThrow(/overwrites nothing/);
    await running.close();
  });

  test("of two restores into one database one makes it whole, or none", async () => {
    const records = fc.sample(someArchive, { numRuns: 1, seed: 7 })[0] ?? [];
    const other: ArchiveRecord[] = [
      { kind: "heads", revision: 5, oldestResumable: 0, audit: { count: 0, hash: "0".repeat(64) } },
      { kind: "vm", revision: 1, vm: aVm({ id: randomUUID() }) },
    ];
    const dbName = await newPlace();
    const done = await Promise.allSettled([records, other].map((given) => archive(dbName).write(writtenTo(given))));
    const winners = done.filter(({ status }) => status === "fulfilled");
    expect(winners.length).toBeLessThanOrEqual(1);
    for (const one of done) {
      if (one.status === "rejected") expect(isAppError(one.reason, "CONFLICT"), String(one.reason)).toBe(true);
    }
    if (winners.length === 0) await archive(dbName).write(writtenTo(other));
    const texts = await textsOf(archive(dbName).read());
    const whole = [records, other].map((given) => given.map((record) => JSON.stringify(record)));
    expect(whole).toContainEqual(texts);
  });

  test("a server from before the database was dropped spoils no restore in silence", async () => {
    const dbName = await newPlace();
    async function* disturbed(): AsyncGenerator<ArchiveRecord> {
      yield { kind: "heads", revision: 0, oldestResumable: 0, audit: { count: 0, hash: "0".repeat(64) } };
      await withDatabase(placeOf(dbName), (db) => db.collection("servers").insertOne({ beat: 1 }));
    }
    await expect(archive(dbName).write(disturbed())).rejects.toThrow(/Somebody else wrote to the database/);
    await expect(openStore(dbName)).rejects.toThrow(/Do the restore again/);
  });

  test("what others keep in the same database is neither in the way nor touched", async () => {
    const dbName = await newPlace();
    const machine = { name: "of the original" };
    await withDatabase(placeOf(dbName), (db) => db.collection("machines").insertOne({ ...machine }));
    const records = fc.sample(someArchive, { numRuns: 1, seed: 1 })[0] ?? [];
    await archive(dbName).write(writtenTo(records));
    expect(await withDatabase(placeOf(dbName), (db) => db.collection("machines").find().toArray())).toMatchObject([
      machine,
    ]);
  });

  test("looking for a store makes no database", async () => {
    const dbName = await newPlace();
    await expect(textsOf(archive(dbName).read())).rejects.toThrow(/MONGO_DBNAME/);
    expect(await withDatabase(placeOf(dbName), (db) => db.listCollections().toArray())).toEqual([]);
  });
});

/** Is the store as far as the archive says it is? */
async function isAt(store: InventoryStore, [heads = ""]: readonly string[]): Promise<boolean> {
  const { revision } = await store.load();
  const { count } = JSON.parse(heads).audit as { count: number };
  return heads.includes(`"revision":${revision.split("-")[1]},`) && (await store.audit()).length === count;
}

type Deed = (store: InventoryStore) => Promise<unknown>;

/** Each is one commit. Tasks are begun, advanced and ended in turn, some under keys; VMs come, change and go. */
function someDeeds(rounds = 8): Deed[] {
  const deeds: Deed[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const id = `t${String(round).padStart(3, "0")}`;
    const key = round % 2 === 0 ? `key ${round}` : null;
    const task = aTask({ id, vmId: `vm-${round}` });
    const earlier = aTask({ id: `t${String(Math.max(round - 1, 0)).padStart(3, "0")}`, vmId: `vm-${round - 1}` });
    const audited = { actor: "bob", action: "CANCEL_TASK", taskId: id, node: "alpha", vmId: null, input: "{}" };
    deeds.push(
      (store) => store.createTask({ task, idempotencyKey: key, inputHash: "h" }),
      (store) => store.apply({ vms: [aVm({ id: `vm-${round}`, comment: `round ${round}` })] }),
      (store) => store.saveTask({ ...task, state: "RUNNING" }),
      (store) => store.apply({ removedVms: [`vm-${round - 3}`], vms: [aVm({ id: "all", comment: id })] }),
      (store) => store.appendAudit(audited),
    );
    if (round > 0) deeds.push((store) => store.saveTask(aTask({ ...earlier, state: "SUCCEEDED", finishedAt: "now" })));
  }
  return deeds;
}
