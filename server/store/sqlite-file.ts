/** One SQLite file, held by one process: opening, locking, transactions, closing. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "../errors.ts";
import { explainSqliteFailure } from "./sqlite-failure.ts";
import { migrate } from "./sqlite-schema.ts";

export interface SqliteFile {
  readonly db: DatabaseSync;
  /** @throws AppError SHUTTING_DOWN once closed; what SQLite refuses, explained */
  read<T>(work: () => T): T;
  /** All of `work` or nothing of it, on disk when this returns. Throws as `read` does. */
  write<T>(work: () => T): T;
  /** The same for work that waits in between: nothing else may be done with the file meanwhile. */
  writeAtLeisure<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

/** `to look at`: it must be there, and stays as it is; what is written, bringing it up to date included, is undone at close. */
export type SqliteUse = "to keep" | "to look at";

/** How long a starting server waits for one that is just ending to let go of the file. */
const lockWaitMs = 2_000;

/**
 * Opens the file for this process alone, and creates it with its folder where missing (readable by the owner only).
 * The lock is the operating system's, so it is gone with the process however that ends.
 * @throws AppError CONFLICT when another process has it; INTERNAL when it can't be used; NOT_FOUND when it is only to be looked at
 */
export function openSqliteFile(path: string, use: SqliteUse = "to keep"): SqliteFile {
  try {
    if (use === "to keep") makePrivateFile(path);
    else needFile(path);
    const db = new DatabaseSync(path, { timeout: lockWaitMs });
    try {
      prepare(db, use);
    } catch (thrown) {
      db.close();
      throw thrown;
    }
    return guard(db, path);
  } catch (thrown) {
    throw explainSqliteFailure(thrown, path);
  }
}

function makePrivateFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
    // SQLite gives the -wal file the rights of this one.
    chmodSync(path, 0o600);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError("INTERNAL", `${path} can't be created: ${reason}. Look at the folder's owner and rights.`, {
      cause: thrown,
    });
  }
}

function needFile(path: string): void {
  if (existsSync(path)) return;
  throw new AppError("NOT_FOUND", `There is no database ${path}. Look at DATA_DIR, and at MONGO_URL or MONGO_HOST.`);
}

function prepare(db: DatabaseSync, use: SqliteUse): void {
  // Before the first access, so that WAL needs no shared memory and the lock is held until close.
  db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec("BEGIN IMMEDIATE");
  migrate(db);
  if (use === "to keep") db.exec("COMMIT");
}

function guard(db: DatabaseSync, path: string): SqliteFile {
  function read<T>(work: () => T): T {
    if (!db.isOpen) throw new AppError("SHUTTING_DOWN", "The store is closed: the server is shutting down.");
    try {
      return work();
    } catch (thrown) {
      throw explainSqliteFailure(thrown, path);
    }
  }

  function inTransaction<T>(work: () => T): T {
    db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      db.exec("COMMIT");
      return result;
    } catch (thrown) {
      // SQLite has often rolled back by itself, as when the disk is full.
      if (db.isTransaction) db.exec("ROLLBACK");
      throw thrown;
    }
  }

  async function writeAtLeisure<T>(work: () => Promise<T>): Promise<T> {
    read(() => db.exec("BEGIN IMMEDIATE"));
    try {
      const result = await work();
      db.exec("COMMIT");
      return result;
    } catch (thrown) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw explainSqliteFailure(thrown, path);
    }
  }

  return {
    db,
    read,
    write: (work) => read(() => inTransaction(work)),
    writeAtLeisure,
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}
