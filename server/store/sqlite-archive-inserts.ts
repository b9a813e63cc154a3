/** How the records of an archive get into an SQLite file. */
import { randomBytes } from "node:crypto";
import { AppError } from "../errors.ts";
import type { ArchiveRecord, HeadsRecord } from "./archive.ts";
import { auditColumns, insertAudit } from "./sqlite-audit.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { createMeta, type Meta } from "./sqlite-meta.ts";
import { insertTask, taskColumns } from "./sqlite-tasks.ts";

const tables = [
  "node",
  "node_pulse",
  "vm",
  "vm_usage",
  "removed_vm",
  "task",
  "idempotency",
  "audit",
  "login_refusal",
  "trusted_host_key",
] as const;

/** @throws AppError CONFLICT */
export function refuseUsed(file: SqliteFile, path: string): void {
  const used = tables.some((table) => file.db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined);
  if (!used && createMeta(file).get("revision") === "0") return;
  throw new AppError(
    "CONFLICT",
    `${path} is in use: there are data in it, and a restore overwrites nothing. Move the file and its -wal away, or set DATA_DIR to an empty folder.`,
  );
}

/** Within a transaction. */
export function createInserter(file: SqliteFile): (record: ArchiveRecord) => void {
  const prepare = (sql: string) => file.db.prepare(sql);
  const meta = createMeta(file);
  const node = prepare("INSERT INTO node (name, record) VALUES (?, ?)");
  const vm = prepare("INSERT INTO vm (id, revision, record) VALUES (?, ?, ?)");
  const removedVm = prepare("INSERT INTO removed_vm (id, revision) VALUES (?, ?)");
  const nodePulse = prepare("INSERT INTO node_pulse (node, record) VALUES (?, ?)");
  const vmUsage = prepare("INSERT INTO vm_usage (vm_id, record) VALUES (?, ?)");
  const task = prepare(insertTask);
  const request = prepare(
    "INSERT INTO idempotency (actor, key, input_hash, task_id, recorded_at_ms) VALUES (?, ?, ?, ?, ?)",
  );
  const audit = prepare(insertAudit);
  const loginRefusal = prepare("INSERT INTO login_refusal (node, record) VALUES (?, ?)");
  const hostKey = prepare("INSERT INTO trusted_host_key (node, fingerprint) VALUES (?, ?)");

  return (record) => {
    switch (record.kind) {
      case "heads":
        return writeHeads(record, meta);
      case "node":
        return void node.run(record.node.name, JSON.stringify(record.node));
      case "vm":
        return void vm.run(record.vm.id, record.revision, JSON.stringify(record.vm));
      case "removedVm":
        return void removedVm.run(record.id, record.revision);
      case "nodePulse":
        return void nodePulse.run(record.pulse.node, JSON.stringify(record.pulse));
      case "vmUsage":
        return void vmUsage.run(record.usage.vmId, JSON.stringify(record.usage));
      case "task":
        return void task.run(record.task.id, record.sequence, ...taskColumns(record.task));
      case "request":
        return void request.run(record.actor, record.key, record.inputHash, record.taskId, record.at);
      case "audit":
        return void audit.run(...auditColumns(record.entry));
      case "loginRefusal":
        return void loginRefusal.run(record.node, JSON.stringify(record.refusal));
      case "hostKey":
        return void hostKey.run(record.node, record.fingerprint);
      default:
        record satisfies never;
    }
  };
}

function writeHeads({ revision, oldestResumable, audit }: HeadsRecord, meta: Meta): void {
  meta.set("epoch", randomBytes(8).toString("hex"));
  meta.set("revision", String(revision));
  meta.set("oldest_resumable", String(oldestResumable));
  meta.set("audit_count", String(audit.count));
  meta.set("audit_head", audit.hash);
}
