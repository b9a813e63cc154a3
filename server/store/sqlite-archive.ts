/** All that an SQLite file holds, out and in. */
import { AppError } from "../errors.ts";
import type { HeadsRecord, StoreArchive } from "./archive.ts";
import { createInserter, refuseUsed } from "./sqlite-archive-inserts.ts";
import { archiveQueries } from "./sqlite-archive-queries.ts";
import { auditHead } from "./sqlite-audit.ts";
import { explainSqliteFailure, isLocked } from "./sqlite-failure.ts";
import { openSqliteFile, type SqliteFile, type SqliteUse } from "./sqlite-file.ts";
import { createMeta, type Meta } from "./sqlite-meta.ts";

/** @param path of the database file */
export function createSqliteArchive(path: string): StoreArchive {
  return {
    kind: "sqlite",
    shown: `the SQLite database ${path}`,
    async *read() {
      const file = open(path, "to look at");
      try {
        yield headsOf(createMeta(file));
        for (const { sql, record } of archiveQueries) {
          for (const row of file.db.prepare(sql).iterate()) yield record(row);
        }
      } catch (thrown) {
        throw explainSqliteFailure(thrown, path);
      } finally {
        file.close();
      }
    },
    async write(records) {
      const file = open(path, "to keep");
      try {
        await file.writeAtLeisure(async () => {
          refuseUsed(file, path);
          const insert = createInserter(file);
          for await (const record of records) insert(record);
        });
      } finally {
        file.close();
      }
    },
  };
}

function open(path: string, use: SqliteUse): SqliteFile {
  try {
    return openSqliteFile(path, use);
  } catch (thrown) {
    if (!isLocked(thrown)) throw thrown;
    throw new AppError(
      "CONFLICT",
      `${path} is in use by another process, probably a running ECoMan. Stop it, do this again, and start it.`,
      { cause: thrown },
    );
  }
}

function headsOf(meta: Meta): HeadsRecord {
  return {
    kind: "heads",
    revision: Number(meta.get("revision")),
    oldestResumable: Number(meta.get("oldest_resumable")),
    audit: auditHead(meta),
  };
}
