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

/** Reads it all, while other servers go on writing. Makes the database's first entry where there is none. */
export async function readSnapshot(options: SnapshotOptions): Promise<State> {
  for (;;) {
    const state = await trySnapshot(options);
    if (state !== undefined) return state;
  }
}

/** Undefined: the journal was cut off meanwhile; that takes a very slow reader. */
async function trySnapshot(options: SnapshotOptions): Promise<State | undefined> {
  const { journal, collections, removedLimit } = options;
  const entry = (await journal.last()) ?? (await begin(options));
  await settleBehind(entry, options);
  const state = createState({ entry, ...(await readCollections(collections)) }, removedLimit);
  // What was written while we read is in some of the collections already; taken again in order, it comes out the same.
  for (;;) {
    const more = await journal.after(state.last.sequence);
    if (more.length === 0) return state;
    for (const next of more) {
      if (next.sequence !== state.last.sequence + 1) return undefined;
      state.take(next);
    }
  }
}

/** Has the collections show this entry and all before it: servers may have died before they wrote the effects of their last ones. */
export async function settleBehind(
  { sequence }: JournalEntry,
  { journal, collections }: Pick<SnapshotOptions, "journal" | "collections">,
): Promise<void> {
  const unsettled = createUnsettled(collections);
  for (const recent of await journal.after(sequence - unsettledAtMost)) unsettled.note(recent);
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
