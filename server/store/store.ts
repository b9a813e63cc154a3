/**
 * Port: what is remembered. Adapters: sqlite.ts (embedded, the default) and mongo.ts (a MongoDB server, also for several
 * ECoMan servers at once). Contract: store.contract.ts, which every adapter runs.
 *
 * The store is also the only source of news: whoever wants to know what changed reads `watch`, the writer included.
 */
import type {
  Node,
  NodeName,
  NodePulse,
  Revision,
  Task,
  TaskId,
  TaskKind,
  TaskState,
  Timestamp,
  Vm,
  VmId,
  VmUsage,
} from "../model.ts";
import type { Lease, LeaseStore } from "./leases.ts";

export interface InventoryStore {
  /** `sqlite` and the like, for serverInfo. */
  readonly kind: string;
  /** Who looks after which node, where several servers share this store; null: it serves one server alone, which looks after all. */
  readonly leases: LeaseStore | null;
  /** Everything about nodes and VMs as of one revision. Pulses may be up to a minute old after a crash; they say so themselves. */
  load(): Promise<StoredInventory>;
  /**
   * Commits a change in one transaction under the next revision. Records deeply equal to what is stored are left out;
   * a change with nothing left writes nothing and answers the current revision. Removing what is not there is no error.
   * What is both removed and given stays as given. Removing a node leaves its VMs to the caller; usages leave with their VM.
   * @param under the lease in whose name this is known. Default: none, for what no lease is about
   * @throws AppError LEASE_LOST when another server holds the node by now: nothing was written
   */
  apply(change: InventoryChange, under?: Lease): Promise<Revision>;
  /**
   * Ages and readings: reach every watcher, cause no revision, are kept at leisure (once a minute, and at close).
   * Those of nodes and VMs that are not stored are not kept. `under` as with `apply`.
   */
  pulse(pulse: Pulse, under?: Lease): Promise<void>;
  /**
   * News after `since`, in the order of the commits, only after them and without gaps, until `signal` is aborted or the
   * store closes. `since` is the revision of a `load`. A revision that is too old, or of another store, and a reader
   * that falls too far behind get `reset`, which ends the iteration: load again and watch from there.
   */
  watch(since: Revision, signal: AbortSignal): AsyncIterable<StoreNews>;

  /**
   * Records a new task and its audit entry in one durable transaction, before anything is done. The same actor's same
   * `idempotencyKey` within 24 h answers the task recorded then, without a new one; `inputHash` tells whether it was
   * the same input. Where it asks to be `alone`, a rival that has not ended is answered instead, and nothing is recorded.
   * @throws AppError CONFLICT when another task has this id
   */
  createTask(creation: TaskCreation): Promise<TaskRecorded>;
  /**
   * Replaces a task durably: when this resolves it survives a power cut. An equal one writes nothing. `under` as with `apply`.
   * @throws AppError NOT_FOUND
   */
  saveTask(task: Task, under?: Lease): Promise<Revision>;
  task(id: TaskId): Promise<Task | undefined>;
  /** Newest first, those that have not ended before the others where `runningFirst`. @throws AppError INVALID_INPUT for a cursor it did not make */
  tasks(query: TaskQuery): Promise<TaskPage>;

  /** A refused login of a node, kept over restarts so that an account is never locked; undefined: none on record. */
  loginRefusal(node: NodeName): Promise<LoginRefusal | undefined>;
  /** `undefined` clears it. */
  saveLoginRefusal(node: NodeName, refusal: LoginRefusal | undefined): Promise<void>;
  /** Host keys accepted at first use, as `SHA256:…`. */
  trustedHostKeys(node: NodeName): Promise<readonly string[]>;
  trustHostKey(node: NodeName, fingerprint: string): Promise<void>;

  /** Adds to the audit log, durably, what makes no task of its own; to be awaited before it is done. Every watcher hears of it. */
  appendAudit(deed: AuditedDeed): Promise<void>;
  /** The audit log, oldest first. */
  audit(): Promise<readonly AuditEntry[]>;
  /**
   * Recomputes the audit log's hash chain; answers the first sequence number at which it does not hold: an entry was
   * altered, moved, removed or cut off the end there. Undefined: all is well.
   */
  verifyAudit(): Promise<number | undefined>;
  /** Resolves when everything is on disk. Watchers end. */
  close(): Promise<void>;
}

/** The parts of a revision. Every adapter writes its revisions as `<epoch>-<number>`; nobody else looks inside. */
export interface RevisionParts {
  /** Random, made with the store: tells revisions of another store apart. */
  readonly epoch: string;
  /** Rises by one with every commit of a change or a task, over restarts. */
  readonly number: number;
}

export function formatRevision(parts: RevisionParts): Revision {
  return `${parts.epoch}-${parts.number}`;
}

/** Undefined for what no store has written. */
export function parseRevision(revision: Revision): RevisionParts | undefined {
  const match = /^([0-9a-z]{1,64})-(0|[1-9]\d{0,14})$/.exec(revision);
  if (match?.[1] === undefined) return undefined;
  return { epoch: match[1], number: Number(match[2]) };
}

export interface StoredInventory {
  readonly revision: Revision;
  readonly nodes: readonly Node[];
  readonly pulses: readonly NodePulse[];
  readonly vms: readonly Vm[];
  readonly usages: readonly VmUsage[];
  /** Ids removed lately with the revision that removed them, so that a subscriber can resume over a restart. */
  readonly removed: readonly RemovedVm[];
  /** The revision that last changed each VM in `vms`. */
  readonly vmRevisions: ReadonlyMap<VmId, Revision>;
  /** Resuming is possible from this revision on. */
  readonly oldestResumable: Revision;
}

export interface RemovedVm {
  readonly id: VmId;
  readonly revision: Revision;
}

export interface InventoryChange {
  readonly nodes?: readonly Node[];
  readonly removedNodes?: readonly NodeName[];
  readonly vms?: readonly Vm[];
  readonly removedVms?: readonly VmId[];
}

export interface Pulse {
  readonly nodes: readonly NodePulse[];
  /** Only those that were read. */
  readonly usages: readonly VmUsage[];
}

export type StoreNews =
  | { readonly kind: "change"; readonly revision: Revision; readonly change: InventoryChange }
  | { readonly kind: "task"; readonly revision: Revision; readonly task: Task }
  | { readonly kind: "pulse"; readonly pulse: Pulse }
  | { readonly kind: "deed"; readonly deed: AuditedDeed }
  | { readonly kind: "reset" };

export interface TaskCreation {
  readonly task: Task;
  /** Null: every request is a new one. */
  readonly idempotencyKey: string | null;
  /** Hash of the request's input, to tell a repeat from a reuse of the key. */
  readonly inputHash: string;
  /** What no other task that has not ended may be about. Default: nothing. */
  readonly alone?: Alone;
}

export interface Alone {
  readonly vmId: VmId | null;
  /** As the task's `input.exclusive` has it. */
  readonly key: string | null;
}

export interface TaskRecorded {
  readonly task: Task;
  /** False: `task` is the one recorded earlier under the same key, or the rival. */
  readonly isNew: boolean;
  /** `task` is another one that has not ended, about what this one wanted for itself. Default false. */
  readonly isRival?: boolean;
  readonly sameInput: boolean;
  readonly revision: Revision;
}

export interface TaskQuery {
  readonly filter: TaskFilter;
  /** How many at most. */
  readonly limit: number;
  /** A cursor from an earlier page. */
  readonly after?: string;
  /** Default false. */
  readonly runningFirst?: boolean;
}

export interface TaskFilter {
  readonly states?: readonly TaskState[];
  readonly kinds?: readonly TaskKind[];
  readonly nodes?: readonly NodeName[];
  readonly vmIds?: readonly VmId[];
}

export interface TaskPage {
  readonly tasks: readonly Task[];
  /** One per task, in the same order. */
  readonly cursors: readonly string[];
  readonly hasMore: boolean;
  readonly totalCount: number;
}

export interface LoginRefusal {
  readonly at: Timestamp;
  /** Hash of what was refused: other credentials may try at once. */
  readonly credentialsHash: string;
}

export interface AuditedDeed {
  readonly actor: string;
  /** The task's kind, or CANCEL_TASK. */
  readonly action: string;
  readonly taskId: TaskId;
  readonly node: NodeName;
  readonly vmId: VmId | null;
  /** JSON of the request, without secrets. */
  readonly input: string;
}

export interface AuditEntry extends AuditedDeed {
  readonly sequence: number;
  readonly at: Timestamp;
  readonly previousHash: string;
  readonly hash: string;
}
