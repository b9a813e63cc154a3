/** What the server's log says of each entry of the audit log, whatever keeps it: with its hash, which finds who rewrote the whole chain. */
import type { Log } from "../log.ts";
import type { AuditEntry } from "./store.ts";

export function noteTask(log: Log, { taskId, sequence, hash }: AuditEntry): void {
  log.info({ taskId, auditSequence: sequence, auditHash: hash }, "A task was recorded.");
}

export function noteDeed(log: Log, { taskId, action, sequence, hash }: AuditEntry): void {
  log.info({ taskId, action, auditSequence: sequence, auditHash: hash }, "A deed was recorded.");
}
