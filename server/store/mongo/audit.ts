/** The audit log in its collection, oldest first. */
import type { AuditEntry } from "../store.ts";
import type { AuditDocument, Collections } from "./documents.ts";

export async function readAudit({ audit }: Collections): Promise<AuditEntry[]> {
  return (await audit.find().sort({ _id: 1 }).toArray()).map(entryOf);
}

function entryOf(document: AuditDocument): AuditEntry {
  const { _id: sequence, at, actor, action, taskId, node, vmId, input, previousHash, hash } = document;
  return { sequence, at, actor, action, taskId, node, vmId, input, previousHash, hash };
}
