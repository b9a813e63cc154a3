/** Records as JSON text, one table per kind. */
import { isDeepStrictEqual } from "node:util";
import type { SqliteFile } from "./sqlite-file.ts";

/** What a table that keeps records by key is called, and its key column: both are ours, never input. */
export interface RecordTableName {
  readonly table: string;
  readonly key: string;
}

export interface RecordTable<T> {
  all(): T[];
  get(key: string): T | undefined;
  /** Answers whether it was not there in this form. Within a transaction, as `delete` is. */
  put(key: string, record: T): boolean;
  /** Answers whether it was there. */
  delete(key: string): boolean;
}

export function createRecordTable<T extends object>(
  { db }: SqliteFile,
  { table, key }: RecordTableName,
): RecordTable<T> {
  const selectAll = db.prepare(`SELECT record FROM ${table}`);
  const select = db.prepare(`SELECT record FROM ${table} WHERE ${key} = ?`);
  const upsert = db.prepare(
    `INSERT INTO ${table} (${key}, record) VALUES (?, ?) ON CONFLICT (${key}) DO UPDATE SET record = excluded.record`,
  );
  const remove = db.prepare(`DELETE FROM ${table} WHERE ${key} = ?`);
  return {
    all: () => selectAll.all().map((row) => parseRecord(row["record"]) as T),
    get(id) {
      const row = select.get(id);
      return row && (parseRecord(row["record"]) as T);
    },
    put(id, record) {
      if (isStoredAs(select.get(id)?.["record"], record)) return false;
      upsert.run(id, JSON.stringify(record));
      return true;
    },
    delete: (id) => remove.run(id).changes !== 0,
  };
}

export function parseRecord(text: unknown): unknown {
  return JSON.parse(String(text));
}

/** Whether a stored text holds this record, whatever the order of its keys. */
export function isStoredAs(text: unknown, record: object): boolean {
  if (typeof text !== "string") return false;
  const given = JSON.stringify(record);
  return given === text || isDeepStrictEqual(JSON.parse(text), JSON.parse(given));
}
