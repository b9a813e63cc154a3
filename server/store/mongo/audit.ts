/** The audit log in its collection, oldest first. */
import { type AuditHead, firstBreak } from "../audit-chain.ts";
import type { AuditEntry } from "../store.ts";
import type { AuditDocument, Collections } from "./documents.ts";

export async function readAudit({ audit }: Collections): Promise<AuditEntry[]> {
  return (await audit.find().sort({ _id: 1 }).toArray()).map(auditEntryOf);
}

export interface Verifying {
  readonly collections: Collections;
  /** The journal's, as this server knows it by now. */
  readonly head: () => AuditHead;
  /** Resolves when the collections show everything that this server knows of. */
  readonly settle: () => Promise<void>;
  /** Resolves when this server knows everything that is in the journal. */
  readonly catchUp: () => Promise<void>;
}

/** The first number at which the chain does not hold. What other servers write meanwhile is no sign of tampering. */
export async function findBreak({ collections, head, settle, catchUp }: Verifying): Promise<number | undefined> {
  const known = head();
  await settle();
  const entries = await readAudit(collections);
  const broken = firstBreak(
    entries.filter(({ sequence }) => sequence <= known.count),
    known,
  );
  if (broken !== undefined) return broken;
  // One of these may be written before those ahead of it; without a place in the journal it is nobody's.
  const newer = entries.filter(({ sequence }) => sequence > known.count);
  if (newer.length > 0) await catchUp();
  return newer.find(({ sequence }) => sequence > head().count)?.sequence;
}

export function auditEntryOf(document: AuditDocument): AuditEntry {
  const { _id: sequence, at, actor, action, taskId, node, vmId, input, previousHash, hash } = document;
  return { sequence, at, actor, action, taskId, node, vmId, input, previousHash, hash };
}
