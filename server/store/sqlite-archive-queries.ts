/** What is read of an SQLite file for an archive. */
import type { SQLOutputValue } from "node:sqlite";
import type { Node, NodePulse, Task, Vm, VmUsage } from "../model.ts";
import type { ArchiveRecord } from "./archive.ts";
import { auditEntryOf } from "./sqlite-audit.ts";
import { parseRecord } from "./sqlite-records.ts";
import type { LoginRefusal } from "./store.ts";

type Row = Record<string, SQLOutputValue>;

export interface ArchiveQuery {
  readonly sql: string;
  readonly record: (row: Row) => ArchiveRecord;
}

/** In the order of `archiveKinds`. SQLite orders texts by their bytes in UTF-8. */
export const archiveQueries: readonly ArchiveQuery[] = [
  {
    sql: "SELECT record FROM node ORDER BY name",
    record: ({ record }) => ({ kind: "node", node: parseRecord(record) as Node }),
  },
  {
    sql: "SELECT revision, record FROM vm ORDER BY id",
    record: ({ revision, record }) => ({ kind: "vm", revision: Number(revision), vm: parseRecord(record) as Vm }),
  },
  {
    sql: "SELECT revision, id FROM removed_vm ORDER BY revision, id",
    record: ({ revision, id }) => ({ kind: "removedVm", revision: Number(revision), id: String(id) }),
  },
  {
    sql: "SELECT node_pulse.record FROM node_pulse JOIN node ON name = node ORDER BY node",
    record: ({ record }) => ({ kind: "nodePulse", pulse: parseRecord(record) as NodePulse }),
  },
  {
    sql: "SELECT vm_usage.record FROM vm_usage JOIN vm ON id = vm_id ORDER BY vm_id",
    record: ({ record }) => ({ kind: "vmUsage", usage: parseRecord(record) as VmUsage }),
  },
  {
    sql: "SELECT sequence, record FROM task ORDER BY sequence",
    record: ({ sequence, record }) => ({
      kind: "task",
      sequence: Number(sequence),
      task: parseRecord(record) as Task,
    }),
  },
  {
    sql: "SELECT actor, key, input_hash, task_id, recorded_at_ms FROM idempotency ORDER BY recorded_at_ms, task_id",
    record: (row) => ({
      kind: "request",
      actor: String(row["actor"]),
      key: String(row["key"]),
      inputHash: String(row["input_hash"]),
      taskId: String(row["task_id"]),
      at: Number(row["recorded_at_ms"]),
    }),
  },
  { sql: "SELECT * FROM audit ORDER BY sequence", record: (row) => ({ kind: "audit", entry: auditEntryOf(row) }) },
  {
    sql: "SELECT node, record FROM login_refusal ORDER BY node",
    record: ({ node, record }) => ({
      kind: "loginRefusal",
      node: String(node),
      refusal: parseRecord(record) as LoginRefusal,
    }),
  },
  {
    sql: "SELECT node, fingerprint FROM trusted_host_key ORDER BY node, fingerprint",
    record: ({ node, fingerprint }) => ({ kind: "hostKey", node: String(node), fingerprint: String(fingerprint) }),
  },
];
