/** The few single values of a file. */
import type { SqliteFile } from "./sqlite-file.ts";

export type MetaKey = "epoch" | "revision" | "oldest_resumable" | "audit_count" | "audit_head";

export interface Meta {
  get(key: MetaKey, fallback?: string): string;
  /** Within a transaction. */
  set(key: MetaKey, value: string): void;
}

export function createMeta({ db }: SqliteFile): Meta {
  const select = db.prepare("SELECT value FROM meta WHERE key = ?");
  const upsert = db.prepare(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  );
  return {
    get: (key, fallback = "") => String(select.get(key)?.["value"] ?? fallback),
    set: (key, value) => void upsert.run(key, value),
  };
}
