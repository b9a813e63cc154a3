/** The connection: how it is opened, what every command on it carries, and whether the database is one that we can read. */
import { MongoClient } from "mongodb";
import type { Log } from "../../log.ts";
import { type Collections, collectionsOf, documentVersion, makeIndexes } from "./documents.ts";
import { newerEcoman } from "./journal.ts";

export interface Database {
  readonly collections: Collections;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A connection string; may hold a password. */
  readonly url: string;
  readonly dbName: string;
  readonly log: Log;
}

/** Rejects with what the driver throws when the database can't be reached within 10 s, or can't be used. */
export async function openDatabase({ url, dbName, log }: DatabaseOptions): Promise<Database> {
  const client = new MongoClient(url, {
    appName: "ecoman",
    // What is acknowledged survives the loss of a server, and what is read will not be rolled back.
    writeConcern: { w: "majority", journal: true },
    readConcern: { level: "majority" },
    readPreference: "primary",
    retryWrites: true,
    ignoreUndefined: true,
    serverSelectionTimeoutMS: 5000,
    connectTimeoutMS: 5000,
    socketTimeoutMS: 20_000,
    heartbeatFrequencyMS: 3000,
    maxPoolSize: 20,
  });
  try {
    await client.connect();
    const collections = collectionsOf(client.db(dbName));
    await refuseNewer(collections);
    await makeIndexes(collections);
    return { collections, close: () => client.close() };
  } catch (thrown) {
    await client.close().catch((error: unknown) => log.debug({ error }, "The failed connection could not be closed."));
    throw thrown;
  }
}

/** @throws AppError CONFLICT when a newer ECoMan wrote the database */
async function refuseNewer({ journal }: Collections): Promise<void> {
  const newer = await journal.findOne({ v: { $gt: documentVersion } });
  if (newer !== null) throw newerEcoman(newer.v);
}
