/** All that a database holds, out and in. */
import type { Log } from "../../log.ts";
import type { ArchiveRecord, StoreArchive } from "../archive.ts";
import { readArchive } from "./archive-read.ts";
import { createArchiveWriter } from "./archive-write.ts";
import { connectDatabase, openDatabase } from "./database.ts";
import { explainMongoFailure, isDuplicateKey } from "./failure.ts";
import { beginRestore, notAlone } from "./restoring.ts";

export interface MongoArchiveOptions {
  /** A connection string; may hold a password. */
  readonly url: string;
  readonly dbName: string;
  /** Where that is, for people: without credentials. */
  readonly shown: string;
  readonly log: Log;
}

export function createMongoArchive(options: MongoArchiveOptions): StoreArchive {
  const { dbName, shown } = options;
  const place = `the database ${dbName} of ${shown}`;

  async function* read(): AsyncGenerator<ArchiveRecord> {
    try {
      const database = await connectDatabase(options);
      try {
        yield* readArchive(database.collections, place);
      } finally {
        await database.close();
      }
    } catch (thrown) {
      throw explainMongoFailure(thrown, shown);
    }
  }

  async function write(records: AsyncIterable<ArchiveRecord>): Promise<void> {
    try {
      const database = await openDatabase(options);
      try {
        const restore = await beginRestore(database.collections, place);
        const writer = createArchiveWriter(database.collections);
        for await (const record of records) await writer.add(record);
        await restore.finish(await writer.end());
      } finally {
        await database.close();
      }
    } catch (thrown) {
      if (isDuplicateKey(thrown)) throw notAlone();
      throw explainMongoFailure(thrown, shown);
    }
  }

  return { kind: "mongodb", shown: place, read, write };
}
