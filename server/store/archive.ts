/**
 * Port: all that a store remembers, record by record, for backups and for moving to another kind of store. Adapters:
 * sqlite-archive.ts and mongo/archive.ts. Contract: archive.contract.ts, which both run.
 *
 * Not carried over, because they say nothing to another store: leases, which servers there are, MongoDB's journal, and the
 * epoch. A store that was written has an epoch of its own, so subscribers of the old one start anew.
 */
import type { Node, NodeName, NodePulse, Task, TaskId, Vm, VmId, VmUsage } from "../model.ts";
import type { AuditHead } from "./audit-chain.ts";
import type { AuditEntry, LoginRefusal } from "./store.ts";

export interface StoreArchive {
  /** As the store's own. */
  readonly kind: string;
  /** Which one it is, for people, without credentials. */
  readonly shown: string;
  /**
   * Everything as of one commit, also while servers go on writing: the heads first, then kind by kind in the order of
   * `archiveKinds`, and within a kind always in the same order. Changes nothing in the store.
   * @throws AppError NOT_FOUND where there is no store; CONFLICT when a server holds it for itself or a newer ECoMan wrote it
   */
  read(): AsyncIterable<ArchiveRecord>;
  /**
   * Fills an empty store, which no server may be using, with the records of a `read`, in their order: all of them or, when
   * this rejects, a store that is still empty or that no server opens until a later `write` has succeeded.
   * @throws AppError CONFLICT when something is in it: nothing was written. What `records` throws comes out as it is
   */
  write(records: AsyncIterable<ArchiveRecord>): Promise<void>;
}

export type ArchiveRecord =
  | HeadsRecord
  | { readonly kind: "node"; readonly node: Node }
  | { readonly kind: "vm"; readonly revision: number; readonly vm: Vm }
  | { readonly kind: "removedVm"; readonly revision: number; readonly id: VmId }
  | { readonly kind: "nodePulse"; readonly pulse: NodePulse }
  | { readonly kind: "vmUsage"; readonly usage: VmUsage }
  | { readonly kind: "task"; readonly sequence: number; readonly task: Task }
  | RequestRecord
  | { readonly kind: "audit"; readonly entry: AuditEntry }
  | { readonly kind: "loginRefusal"; readonly node: NodeName; readonly refusal: LoginRefusal }
  | { readonly kind: "hostKey"; readonly node: NodeName; readonly fingerprint: string };

/** Numbers of revisions, which those of the next store go on from. */
export interface HeadsRecord {
  readonly kind: "heads";
  readonly revision: number;
  readonly oldestResumable: number;
  readonly audit: AuditHead;
}

/** Which task answered which request key. */
export interface RequestRecord {
  readonly kind: "request";
  readonly actor: string;
  readonly key: string;
  readonly inputHash: string;
  readonly taskId: TaskId;
  /** ms since 1970. */
  readonly at: number;
}

export type ArchiveKind = ArchiveRecord["kind"];

export const archiveKinds = [
  "heads",
  "node",
  "vm",
  "removedVm",
  "nodePulse",
  "vmUsage",
  "task",
  "request",
  "audit",
  "loginRefusal",
  "hostKey",
] as const satisfies readonly ArchiveKind[];
