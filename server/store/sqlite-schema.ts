/** The tables. A migration, once released, is never edited: a new one is appended. */
import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../errors.ts";

const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE node (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE node_pulse (node TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE vm (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, record TEXT NOT NULL) STRICT;
  CREATE TABLE vm_usage (vm_id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE removed_vm (id TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT;
  CREATE INDEX removed_vm_by_revision ON removed_vm (revision);

  CREATE TABLE task (
    id TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,
    has_ended INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    node TEXT NOT NULL,
    vm_id TEXT,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX task_running_first ON task (has_ended, sequence DESC);
  CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    task_id TEXT NOT NULL,
    recorded_at_ms INTEGER NOT NULL,
    PRIMARY KEY (actor, key)
  ) STRICT;
  CREATE INDEX idempotency_by_age ON idempotency (recorded_at_ms);

  CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    task_id TEXT NOT NULL,
    node TEXT NOT NULL,
    vm_id TEXT,
    input TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;

  CREATE TABLE login_refusal (node TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE trusted_host_key (
    node TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (node, fingerprint)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  UPDATE node SET record = json_set(record, '$.hardwareVersion', NULL, '$.guestSystems', json('[]'));
  `,
];

/** Brings the tables up to date; called within a transaction. @throws AppError CONFLICT when a newer ECoMan wrote the file */
export function migrate(db: DatabaseSync): void {
  const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > migrations.length) {
    throw new AppError(
      "CONFLICT",
      `The database was written by a newer ECoMan (its format is ${version}, this one knows up to ${migrations.length}). Start that version again, or another DATA_DIR.`,
    );
  }
  for (const sql of migrations.slice(version)) db.exec(sql);
  if (version === 0) writeOrigin(db);
  db.exec(`PRAGMA user_version = ${migrations.length}`);
}

function writeOrigin(db: DatabaseSync): void {
  const insert = db.prepare("INSERT INTO meta (key, value) VALUES (?, ?)");
  insert.run("epoch", randomBytes(8).toString("hex"));
  insert.run("revision", "0");
  insert.run("oldest_resumable", "0");
}
