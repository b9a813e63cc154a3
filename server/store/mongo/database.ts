/** The connection: how it is opened, what every command on it carries, and whether the database is one that we can read. */
import { type DbOptions, MongoClient, ReadConcern } from "mongodb";
import type { Log } from "../../log.ts";
import { type Collections, collectionsOf, makeIndexes } from "./documents.ts";
import { documentVersion, newerEcoman } from "./version.ts";

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

/**
 * What is acknowledged survives the loss of a server, and what is read will not be rolled back. Set on the database,
 * where no option in a connection string can weaken it.
 */
const strict: DbOptions = {
  writeConcern: { w: "majority", journal: true },
  readConcern: new ReadConcern("majority"),
  readPreference: "primary",
};

/** To be written. Rejects as `connectDatabase` does. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const database = await connectDatabase(options);
  try {
    await makeIndexes(database.collections);
    return database;
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}

/** As it is. Rejects with what the driver throws when the database can't be reached within 10 s, or can't be used. */
export async function connectDatabase({ url, dbName, log }: DatabaseOptions): Promise<Database> {
  const client = new MongoClient(url, {
    appName: "ecoman",
    retryWrites: true,
    ignoreUndefined: true,
    serverSelectionTimeoutMS: 5000,
    connectTimeoutMS: 5000,
    socketTimeoutMS: 20_000,
    heartbeatFrequencyMS: 3000,
    // How soon after a cut the server is looked for again: with the driver's 500 ms others hear of a change up to 2 s late then.
    minHeartbeatFrequencyMS: 100,
    maxPoolSize: 20,
  });
  try {
    await client.connect();
    const collections = collectionsOf(client.db(dbName, strict));
    await refuseNewer(collections);
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
