/**
 * What an entry means for the collections. Every write is guarded by the entry's number, so it may be made twice, late, or
 * by another server than the one whose entry it is.
 */
import type { AnyBulkWriteOperation, Collection, Document, Filter, OptionalUnlessRequiredId } from "mongodb";
import type { Task, VmId } from "../../model.ts";
import { hasEnded } from "../../model.ts";
import type { AuditEntry, InventoryChange } from "../store.ts";
import type { Collections, TaskDocument } from "./documents.ts";
import { isDuplicateKey } from "./failure.ts";
import type { JournalEntry, RecordedRequest } from "./journal.ts";
import { documentVersion } from "./version.ts";

/** Request keys are kept for so long, in ms. */
export const requestsKeptMs = 24 * 60 * 60 * 1000;

/** Does the entry change anything beside the journal? */
export function hasEffects({ deed: { kind } }: JournalEntry): boolean {
  return kind !== "pulse" && kind !== "origin";
}

/** Resolves when all of it is durable. @throws what the driver throws: part of it may be written */
export async function carryOut(entry: JournalEntry, collections: Collections): Promise<void> {
  const { deed, sequence: seq } = entry;
  switch (deed.kind) {
    case "change":
      return writeChange(deed.change, entry, collections);
    case "recorded":
      await Promise.all([
        replaceIfOlder(collections.tasks, {
          _id: deed.task.id,
          ...taskFields(deed.task, entry),
          sequence: entry.revision,
        }),
        writeAudit(deed.audited, collections),
        deed.request === null ? undefined : writeRequest(deed.request, { entry, task: deed.task, collections }),
      ]);
      return;
    case "saved":
      await collections.tasks.updateOne(
        { _id: deed.task.id, seq: { $lt: seq } },
        { $set: taskFields(deed.task, entry) },
      );
      return;
    case "audited":
      return writeAudit(deed.audited, collections);
    case "lease":
      return replaceIfOlder(collections.holders, {
        _id: deed.node,
        v: documentVersion,
        seq,
        owner: deed.owner,
        fence: deed.fence,
      });
    case "pulse":
    case "origin":
      return;
    default:
      deed satisfies never;
  }
}

async function writeChange(change: InventoryChange, entry: JournalEntry, collections: Collections): Promise<void> {
  const { sequence: seq, revision, oldestResumable } = entry;
  const sequenced = { v: documentVersion, seq };
  const vm = (_id: VmId, record: object | null) => ({ _id, ...sequenced, revision, vm: record });
  const node = (_id: string, record: object | null) => ({ _id, ...sequenced, node: record });
  await Promise.all([
    replaceAllIfOlder(collections.vms, [
      ...(change.vms ?? []).map((record) => vm(record.id, record)),
      ...(change.removedVms ?? []).map((id) => vm(id, null)),
    ]),
    replaceAllIfOlder(collections.nodes, [
      ...(change.nodes ?? []).map((record) => node(record.name, record)),
      ...(change.removedNodes ?? []).map((name) => node(name, null)),
    ]),
  ]);
  if ((change.removedVms ?? []).length > 0) {
    await collections.vms.deleteMany({ revision: { $lte: oldestResumable }, vm: null });
  }
}

export function taskFields(
  task: Task,
  { sequence }: Pick<JournalEntry, "sequence">,
): Omit<TaskDocument, "_id" | "sequence"> {
  const { kind, state, node, vmId } = task;
  return { v: documentVersion, seq: sequence, hasEnded: hasEnded(task), kind, state, node, vmId, task };
}

async function writeAudit({ sequence, ...entry }: AuditEntry, { audit }: Collections): Promise<void> {
  try {
    await audit.insertOne({ _id: sequence, v: documentVersion, ...entry });
  } catch (thrown) {
    // Written before. Were it another one, verifyAudit would tell.
    if (!isDuplicateKey(thrown)) throw thrown;
  }
}

interface Recorded {
  readonly entry: JournalEntry;
  readonly task: Task;
  readonly collections: Collections;
}

async function writeRequest(request: RecordedRequest, { entry, task, collections }: Recorded): Promise<void> {
  const { id: _id, inputHash, at } = request;
  const document = { _id, v: documentVersion, seq: entry.sequence, taskId: task.id, inputHash, at };
  await replaceIfOlder(collections.requests, document);
  await collections.requests.deleteMany({ at: { $lte: at - requestsKeptMs } });
}

function replaceIfOlder<D extends Document>(collection: Collection<D>, document: Guarded): Promise<void> {
  return replaceAllIfOlder(collection, [document]);
}

interface Guarded {
  readonly _id: unknown;
  readonly seq: number;
  readonly [field: string]: unknown;
}

/** Asks what is there first, since not every server goes on behind an upsert that meets a newer document. */
async function replaceAllIfOlder<D extends Document>(
  collection: Collection<D>,
  documents: readonly Guarded[],
): Promise<void> {
  if (documents.length === 0) return;
  const ids = { _id: { $in: documents.map(({ _id }) => _id) } } as Filter<D>;
  const there = await collection.find(ids).project<Guarded>({ seq: 1 }).toArray();
  const known = new Map(there.map(({ _id, seq }) => [_id, seq]));
  const isMissing = ({ _id }: Guarded): boolean => !known.has(_id);
  const isOlder = ({ _id, seq }: Guarded): boolean => (known.get(_id) ?? seq) < seq;
  const met = await insertAll(collection, documents.filter(isMissing));
  await replaceAll(collection, [...documents.filter(isOlder), ...met]);
}

/** Answers those that may not be inserted because somebody was faster. */
async function insertAll<D extends Document>(
  collection: Collection<D>,
  documents: readonly Guarded[],
): Promise<readonly Guarded[]> {
  if (documents.length === 0) return [];
  try {
    await collection.insertMany(documents as unknown as OptionalUnlessRequiredId<D>[], { ordered: false });
    return [];
  } catch (thrown) {
    if (!isDuplicateKey(thrown)) throw thrown;
    return documents;
  }
}

async function replaceAll<D extends Document>(collection: Collection<D>, documents: readonly Guarded[]): Promise<void> {
  if (documents.length === 0) return;
  const operations = documents.map((replacement) => {
    const { _id, seq } = replacement;
    return { replaceOne: { filter: { _id, seq: { $lt: seq } }, replacement } };
  });
  await collection.bulkWrite(operations as unknown as AnyBulkWriteOperation<D>[], { ordered: false });
}
