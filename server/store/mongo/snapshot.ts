/** The state as the collections and the end of the journal give it. */
import { randomUUID } from "node:crypto";
import { AppError } from "../../errors.ts";
import type { Node, NodeName, NodePulse, Task, TaskId, Vm, VmId, VmUsage } from "../../model.ts";
import { emptyAudit } from "../audit-chain.ts";
import { unsettledAtMost } from "./commits.ts";
import type { Collections } from "./documents.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { createState, type Holder, type State, type StateParts, type StoredVm } from "./state.ts";
import { createUnsettled } from "./unsettled.ts";

export interface SnapshotOptions {
  readonly journal: Journal;
  readonly collections: Collections;
  readonly removedLimit: number;
}

export interface Snapshot {
  readonly state: State;
  /** Entries that were taken in while it was read, in order: their effects may not be in the collections yet; those of all before them are. */
  readonly recent: readonly JournalEntry[];
}

/** Reads it all, while other servers go on writing. Makes the database's first entry where there is none. */
export async function readSnapshot(options: SnapshotOptions): Promise<Snapshot> {
  for (;;) {
    const snapshot = await trySnapshot(options);
    if (snapshot !== undefined) return snapshot;
  }
}

/** Undefined: the journal was cut off meanwhile; that takes a very slow reader. */
async function trySnapshot(options: SnapshotOptions): Promise<Snapshot | undefined> {
  const { journal, collections, removedLimit } = options;
  const entry = (await journal.last()) ?? (await begin(options));
  // Servers may have died before they wrote the effects of their last ones.
  await settleAll(await journal.after(entry.sequence - unsettledAtMost), collections);
  const state = createState({ entry, ...(await readCollections(collections)) }, removedLimit);
  // What was written while we read is in some of the collections already; taken again in order, it comes out the same.
  const recent: JournalEntry[] = [];
  for (;;) {
    const more = await journal.after(state.last.sequence);
    if (more.length === 0) return { state, recent };
    for (const next of more) {
      if (next.sequence !== state.last.sequence + 1) return undefined;
      state.take(next);
      recent.push(next);
    }
  }
}

/** Has the collections show these entries, the oldest first. */
export async function settleAll(entries: readonly JournalEntry[], collections: Collections): Promise<void> {
  const unsettled = createUnsettled(collections);
  for (const entry of entries) unsettled.note(entry);
  await unsettled.settle(() => true);
}

/** @throws AppError CONFLICT where there are data without the journal that they belong to */
async function begin({ journal, collections }: SnapshotOptions): Promise<JournalEntry> {
  const { vms, tasks, audit } = collections;
  const found = await Promise.all([vms.findOne({}), tasks.findOne({}), audit.findOne({})]);
  // Another server may just have begun.
  if (found.some((document) => document !== null) && (await journal.last()) === undefined) throw journalGone();
  const origin: JournalEntry = {
    sequence: 0,
    by: "origin",
    commit: randomUUID(),
    epoch: randomUUID().replaceAll("-", "").slice(0, 16),
    revision: 0,
    oldestResumable: 0,
    audit: emptyAudit,
    deed: { kind: "origin" },
  };
  await journal.insert(origin);
  const first = await journal.last();
  return first ?? origin;
}

async function readCollections(collections: Collections): Promise<Omit<StateParts, "entry">> {
  const [vmDocuments, nodeDocuments, readings, tasks, holderDocuments] = await Promise.all([
    collections.vms.find().toArray(),
    collections.nodes.find().toArray(),
    collections.readings.find().toArray(),
    collections.tasks.find({ hasEnded: false }).toArray(),
    collections.holders.find().toArray(),
  ]);
  const vms = new Map<VmId, StoredVm>();
  const gone: [VmId, number][] = [];
  for (const { _id, vm, revision } of vmDocuments) {
    if (vm === null) gone.push([_id, revision]);
    else vms.set(_id, { vm: compact<Vm>(vm), revision });
  }
  const nodes = new Map<NodeName, Node>();
  for (const { _id, node } of nodeDocuments) if (node !== null) nodes.set(_id, compact<Node>(node));
  const usages = readings.flatMap((document) => document.usages).filter(({ vmId }) => vms.has(vmId));
  const pulses = readings.flatMap(({ pulse }) => (pulse === null || !nodes.has(pulse.node) ? [] : [pulse]));
  return {
    nodes,
    vms,
    removed: new Map(gone.sort(([idA, a], [idB, b]) => a - b || (idA < idB ? -1 : 1))),
    pulses: new Map<NodeName, NodePulse>(pulses.map((pulse) => [pulse.node, compact(pulse)])),
    usages: new Map<VmId, VmUsage>(usages.map((usage) => [usage.vmId, compact(usage)])),
    unfinished: new Map<TaskId, Task>(tasks.map(({ task }) => [task.id, task])),
    holders: new Map<NodeName, Holder>(holderDocuments.map(({ _id, owner, fence }) => [_id, { owner, fence }])),
  };
}

/** The driver builds objects key by key, which V8 keeps as slow dictionaries; parsed ones answer queries half as fast again. */
function compact<T>(record: T): T {
  return JSON.parse(JSON.stringify(record)) as T;
}

function journalGone(): AppError {
  return new AppError(
    "CONFLICT",
    "The database holds VMs, tasks or an audit log, but not the journal that they belong to: somebody deleted it. Restore a backup into a new database.",
  );
}
