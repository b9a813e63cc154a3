/**
 * The audit log's hash chain: each entry's hash covers the entry and the hash before it, and the head (how many entries,
 * the last hash) is kept apart.
 *
 * It finds an entry that was altered, moved, removed, put in, or cut off the end. It can't find one who rewrites the
 * chain from some entry on *and* the head with it: there is no secret in it that the server's own account would not
 * hold. The server's log names each entry's hash; kept on another machine, it finds that too.
 */
import { createHash } from "node:crypto";
import type { AuditEntry } from "./store.ts";

export type AuditFacts = Omit<AuditEntry, "previousHash" | "hash">;

export interface AuditHead {
  readonly count: number;
  /** Of the last entry. */
  readonly hash: string;
}

export const emptyAudit: AuditHead = { count: 0, hash: "0".repeat(64) };

export function chainEntry(facts: AuditFacts, previousHash: string): AuditEntry {
  return { ...facts, previousHash, hash: hashOf(facts, previousHash) };
}

/** The first sequence number at which the chain does not hold; undefined when all of it does. */
export function firstBreak(entries: Iterable<AuditEntry>, head: AuditHead): number | undefined {
  let { count, hash } = emptyAudit;
  for (const entry of entries) {
    const expected = count + 1;
    const fits = entry.sequence === expected && entry.previousHash === hash && entry.hash === hashOf(entry, hash);
    if (!fits) return expected;
    count = expected;
    hash = entry.hash;
  }
  if (count < head.count) return count + 1;
  if (count > head.count) return head.count + 1;
  return hash === head.hash ? undefined : count;
}

function hashOf(facts: AuditFacts, previousHash: string): string {
  // A list, not an object: its text has one form only.
  const { sequence, at, actor, action, taskId, node, vmId, input } = facts;
  const canonical = JSON.stringify([previousHash, sequence, at, actor, action, taskId, node, vmId, input]);
  return createHash("sha256").update(canonical).digest("hex");
}
