/**
 * Where an app under test keeps its data: in its folder, or with TEST_STORE=mongodb in a database of its own on the
 * MongoDB server that tests run against. Every test that starts an app runs on both.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Db } from "mongodb";
import { type Clock, systemClock } from "../../server/clock.ts";
import { type Log, silentLog } from "../../server/log.ts";
import { openMongoStore } from "../../server/store/mongo.ts";
import { openSqliteStore } from "../../server/store/sqlite.ts";
import type { InventoryStore } from "../../server/store/store.ts";
import { findMongo } from "./mongo/server.ts";
import { withDatabase } from "./mongo/with-database.ts";

export interface StorePlace {
  readonly kind: "sqlite" | "mongodb";
  /** What makes an app use it. */
  readonly env: Readonly<Record<string, string>>;
  /** The same store without an app. */
  open(options?: { readonly clock?: Clock; readonly log?: Log }): Promise<InventoryStore>;
  /** All that is kept there, as text: whatever a thief of the disk could read. */
  read(): Promise<string>;
  /** Changes the audit log behind the store's back: the entry of this number, or that one and all after it. No app may run. */
  tamper(deed: Tampering): Promise<void>;
  /** All data is gone, as after a disk was replaced. No app may run. */
  lose(): Promise<void>;
  /** For good. The folder is its owner's matter. */
  close(): Promise<void>;
}

export interface Tampering {
  readonly what: "alter" | "remove" | "cut off";
  readonly sequence: number;
}

export const usesMongo = process.env["TEST_STORE"] === "mongodb";

export async function newStorePlace(folder: string): Promise<StorePlace> {
  return usesMongo ? mongoPlace() : sqlitePlace(folder);
}

function sqlitePlace(folder: string): StorePlace {
  const path = join(folder, "ecoman.db");
  return {
    kind: "sqlite",
    env: { DATA_DIR: folder },
    open: ({ clock = systemClock, log = silentLog } = {}) => openSqliteStore({ path, clock, log }),
    async read() {
      const files = (await readdir(folder)).filter((name) => name.startsWith("ecoman."));
      return (await Promise.all(files.map((name) => readFile(join(folder, name), "latin1")))).join("");
    },
    async tamper({ what, sequence }) {
      const db = new DatabaseSync(path);
      if (what === "alter") db.prepare("UPDATE audit SET actor = 'somebody else' WHERE sequence = ?").run(sequence);
      if (what === "remove") db.prepare("DELETE FROM audit WHERE sequence = ?").run(sequence);
      if (what === "cut off") db.prepare("DELETE FROM audit WHERE sequence >= ?").run(sequence);
      db.close();
    },
    lose: () => rm(path, { force: true }),
    close: async () => undefined,
  };
}

async function mongoPlace(): Promise<StorePlace> {
  const mongo = await findMongo();
  const database = mongo.newDatabase();
  const { url, dbName } = database;
  return {
    kind: "mongodb",
    env: { MONGO_URL: url, MONGO_DBNAME: dbName },
    open: ({ clock = systemClock, log = silentLog } = {}) =>
      openMongoStore({ url, dbName, shown: mongo.name, clock, log }),
    read: () => withDatabase(database, readAll),
    tamper: ({ what, sequence }) =>
      withDatabase(database, async (db) => {
        const audit = db.collection<{ _id: number }>("audit");
        if (what === "alter") await audit.updateOne({ _id: sequence }, { $set: { actor: "somebody else" } });
        if (what === "remove") await audit.deleteOne({ _id: sequence });
        if (what === "cut off") await audit.deleteMany({ _id: { $gte: sequence } });
      }),
    lose: () => database.drop(),
    close: () => database.drop(),
  };
}

async function readAll(db: Db): Promise<string> {
  const collections = await db.listCollections().toArray();
  const texts = collections.map(async ({ name }) => JSON.stringify(await db.collection(name).find().toArray()));
  return (await Promise.all(texts)).join("\n");
}
