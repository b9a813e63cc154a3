/**
 * Filling an empty database without transactions. As long as it goes on, a mark stands where the journal's first entry will be:
 * whoever opens the database meets it and refuses. The last thing done is to put that entry in its place.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { Collection } from "mongodb";
import { AppError } from "../../errors.ts";
import { emptyAudit } from "../audit-chain.ts";
import type { CollectionName, Written } from "./archive-write.ts";
import type { Collections } from "./documents.ts";
import { isDuplicateKey } from "./failure.ts";
import { encodeEntry } from "./journal.ts";
import { documentVersion } from "./version.ts";

export interface Restore {
  /** From now on servers open it. @throws AppError CONFLICT when somebody else wrote to it meanwhile */
  finish(written: Written): Promise<void>;
}

/** @throws AppError CONFLICT when something is in the database but a restore that was broken off: that one is begun anew */
export async function beginRestore(collections: Collections, place: string): Promise<Restore> {
  const commit = randomUUID();
  const mark = await collections.journal.findOne({ _id: 0, kind: "restoring" });
  if (mark === null) {
    await refuseUsed(collections, place);
    await setMark(collections, commit, place);
  } else {
    await takeOver(collections, { from: mark.commit, commit });
    for (const [, collection] of contents(collections)) await collection.deleteMany({});
  }

  return {
    async finish(written) {
      await checkUntouched(collections, written);
      const { revision, oldestResumable, audit } = written.heads;
      const epoch = randomBytes(8).toString("hex");
      const deed = { kind: "origin" } as const;
      const entry = { sequence: 0, by: "restore", commit, epoch, revision, oldestResumable, audit, deed };
      const first = await encodeEntry(entry);
      const replaced = await collections.journal.replaceOne({ _id: 0, kind: "restoring", commit }, first);
      if (replaced.matchedCount !== 1) throw notAlone();
    },
  };
}

/** All collections but the journal, and the one for trying the database out. */
function contents(collections: Collections): [CollectionName, Collection][] {
  const all = Object.entries(collections) as unknown as [CollectionName, Collection][];
  return all.filter(([name]) => name !== "journal" && name !== "probes");
}

async function refuseUsed(collections: Collections, place: string): Promise<void> {
  const all: [string, Collection][] = [
    ["journal", collections.journal as unknown as Collection],
    ...contents(collections),
  ];
  for (const [name, collection] of all) if ((await collection.findOne({})) !== null) throw inUse(place, name);
}

async function setMark({ journal }: Collections, commit: string, place: string): Promise<void> {
  const heads = { epoch: "restoring", revision: 0, oldestResumable: 0, audit: emptyAudit };
  try {
    await journal.insertOne({
      _id: 0,
      v: documentVersion,
      by: "restore",
      commit,
      ...heads,
      kind: "restoring",
      deed: "{}",
    });
  } catch (thrown) {
    if (isDuplicateKey(thrown)) throw inUse(place, "journal");
    throw thrown;
  }
}

interface TakeOver {
  readonly from: string;
  readonly commit: string;
}

async function takeOver({ journal }: Collections, { from, commit }: TakeOver): Promise<void> {
  const { matchedCount } = await journal.updateOne({ _id: 0, kind: "restoring", commit: from }, { $set: { commit } });
  if (matchedCount !== 1) throw notAlone();
}

/** A server that still runs from before the database was dropped, or another restore, would leave something in it. */
async function checkUntouched(collections: Collections, { counts }: Written): Promise<void> {
  const entries = await collections.journal.countDocuments({});
  if (entries !== 1) throw notAlone(` (the journal holds ${entries} documents, one was written)`);
  for (const [name, collection] of contents(collections)) {
    const [there, written] = [await collection.countDocuments({}), counts.get(name) ?? 0];
    if (there !== written) throw notAlone(` (${name} holds ${there} documents, ${written} were written)`);
  }
}

function inUse(place: string, collection: string): AppError {
  return new AppError(
    "CONFLICT",
    `There are data in ${place} (${collection}), and a restore overwrites nothing. Drop that database, or set MONGO_DBNAME to a new one.`,
  );
}

export function notAlone(details = ""): AppError {
  return new AppError(
    "CONFLICT",
    `Somebody else wrote to the database meanwhile${details}: another restore, or a running ECoMan. Stop that, and do the restore again.`,
  );
}
