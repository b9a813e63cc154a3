/**
 * Everything as of one journal entry, while servers go on writing. What is in memory of a snapshot is so by itself. Of what is
 * read from its collection, that is left out which was made later; and a task that was changed later had not ended yet, so
 * the snapshot has it as it was. Nothing is written, except what the last commit of a server that died still owes.
 */
import type { Collection, Filter, Sort } from "mongodb";
import { AppError } from "../../errors.ts";
import type { ArchiveRecord } from "../archive.ts";
import { auditEntryOf } from "./audit.ts";
import { type Collections, requestParts } from "./documents.ts";
import { createJournal } from "./journal.ts";
import { readSnapshot, settleAll } from "./snapshot.ts";
import type { State } from "./state.ts";

/** @param place of the database, for people */
export async function* readArchive(collections: Collections, place: string): AsyncGenerator<ArchiveRecord> {
  const journal = createJournal(collections.journal);
  if ((await journal.last()) === undefined) throw nothingThere(place);
  // The limit is for entries to come; this reader makes none.
  const { state, recent } = await readSnapshot({ journal, collections, removedLimit: 0 });
  await settleAll(recent, collections);
  yield* inMemory(state);
  yield* tasks(collections, state);
  yield* requests(collections, state);
  yield* audit(collections, state);
  yield* logins(collections);
}

function* inMemory({ last, nodes, vms, removed, pulses, usages }: State): Generator<ArchiveRecord> {
  const { revision, oldestResumable, audit: head } = last;
  yield { kind: "heads", revision, oldestResumable, audit: { count: head.count, hash: head.hash } };
  for (const [, node] of inOrder(nodes)) yield { kind: "node", node };
  for (const [, { vm, revision: number }] of inOrder(vms)) yield { kind: "vm", revision: number, vm };
  const gone = inOrder(removed).toSorted(([, a], [, b]) => a - b);
  for (const [id, number] of gone) yield { kind: "removedVm", revision: number, id };
  for (const [, pulse] of inOrder(pulses)) yield { kind: "nodePulse", pulse };
  for (const [, usage] of inOrder(usages)) yield { kind: "vmUsage", usage };
}

async function* tasks({ tasks: collection }: Collections, { last, unfinished }: State): AsyncGenerator<ArchiveRecord> {
  const found = walk(collection, { sequence: { $lte: last.revision } }, { sequence: 1 });
  for await (const { _id, seq, sequence, task } of found) {
    const then = seq > last.sequence ? unfinished.get(_id) : undefined;
    yield { kind: "task", sequence, task: then ?? task };
  }
}

async function* requests({ requests: collection }: Collections, { last }: State): AsyncGenerator<ArchiveRecord> {
  const found = walk(collection, { seq: { $lte: last.sequence } }, { at: 1, taskId: 1 });
  for await (const { _id, inputHash, taskId, at } of found) {
    yield { kind: "request", ...requestParts(_id), inputHash, taskId, at };
  }
}

async function* audit({ audit: collection }: Collections, { last }: State): AsyncGenerator<ArchiveRecord> {
  const found = walk(collection, { _id: { $lte: last.audit.count } }, { _id: 1 });
  for await (const document of found) yield { kind: "audit", entry: auditEntryOf(document) };
}

/** Not journaled, and few: as they are now. */
async function* logins({ logins: refusals, hostKeys }: Collections): AsyncGenerator<ArchiveRecord> {
  for (const { _id: node, refusal } of (await refusals.find().toArray()).toSorted(byId)) {
    if (refusal !== null) yield { kind: "loginRefusal", node, refusal };
  }
  for (const { _id: node, fingerprints } of (await hostKeys.find().toArray()).toSorted(byId)) {
    for (const fingerprint of fingerprints.toSorted(byBytes)) yield { kind: "hostKey", node, fingerprint };
  }
}

/** How many documents one answer of the server holds: without a bound it would be 16 MiB of them. */
const batch = 200;

function walk<D extends object>(collection: Collection<D>, filter: Filter<D>, sort: Sort) {
  return collection.find(filter).sort(sort).batchSize(batch);
}

function inOrder<T>(records: ReadonlyMap<string, T>): [string, T][] {
  return [...records].toSorted(([a], [b]) => byBytes(a, b));
}

function byId({ _id: a }: { readonly _id: string }, { _id: b }: { readonly _id: string }): number {
  return byBytes(a, b);
}

/** As databases do; comparing JavaScript's strings gives another order for what is beyond U+FFFF. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function nothingThere(place: string): AppError {
  return new AppError(
    "NOT_FOUND",
    `No ECoMan has kept anything in ${place}. Look at MONGO_DBNAME, and at MONGO_URL or MONGO_HOST.`,
  );
}
