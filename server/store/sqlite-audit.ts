/** The audit log in its table. */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { AuditFacts, AuditHead } from "./audit-chain.ts";
import { chainEntry, emptyAudit, firstBreak } from "./audit-chain.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { createMeta, type Meta } from "./sqlite-meta.ts";
import type { AuditEntry } from "./store.ts";

/** With `auditColumns`. */
export const insertAudit = "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

export interface AuditTable {
  /** Within a transaction. */
  append(facts: Omit<AuditFacts, "sequence">): AuditEntry;
  all(): AuditEntry[];
  verify(): number | undefined;
}

export function createAuditTable(file: SqliteFile): AuditTable {
  const meta = createMeta(file);
  const selectAll = file.db.prepare("SELECT * FROM audit ORDER BY sequence");
  const insert = file.db.prepare(insertAudit);
  const all = (): AuditEntry[] => selectAll.all().map(auditEntryOf);
  const head = () => auditHead(meta);

  return {
    append(facts) {
      const { count, hash } = head();
      const entry = chainEntry({ ...facts, sequence: count + 1 }, hash);
      insert.run(...auditColumns(entry));
      meta.set("audit_count", String(entry.sequence));
      meta.set("audit_head", entry.hash);
      return entry;
    },
    all: () => file.read(all),
    verify: () => file.read(() => firstBreak(all(), head())),
  };
}

export function auditHead(meta: Meta): AuditHead {
  return {
    count: Number(meta.get("audit_count", String(emptyAudit.count))),
    hash: meta.get("audit_head", emptyAudit.hash),
  };
}

export function auditColumns(entry: AuditEntry): SQLInputValue[] {
  const { sequence, at, actor, action, taskId, node, vmId, input, previousHash, hash } = entry;
  return [sequence, at, actor, action, taskId, node, vmId, input, previousHash, hash];
}

export function auditEntryOf(row: Record<string, SQLOutputValue>): AuditEntry {
  const vmId = row["vm_id"];
  return {
    sequence: Number(row["sequence"]),
    at: String(row["at"]),
    actor: String(row["actor"]),
    action: String(row["action"]),
    taskId: String(row["task_id"]),
    node: String(row["node"]),
    vmId: typeof vmId === "string" ? vmId : null,
    input: String(row["input"]),
    previousHash: String(row["previous_hash"]),
    hash: String(row["hash"]),
  };
}
