/**
 * The journal: every commit of every server, one document each, numbered without gaps. To insert number n + 1 is to
 * have seen all up to n, so its entries are one order for everybody, and a single insertion is the whole transaction.
 */
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { Binary, type Collection } from "mongodb";
import { AppError } from "../../errors.ts";
import type { NodeName, Task } from "../../model.ts";
import type { AuditHead } from "../audit-chain.ts";
import type { ServerId } from "../leases.ts";
import type { AuditEntry, InventoryChange, Pulse } from "../store.ts";
import { isDuplicateKey } from "./failure.ts";
import { documentVersion, newerEcoman, type Versioned } from "./version.ts";

/** What a commit was about. */
export type Deed =
  | { readonly kind: "origin" }
  | { readonly kind: "change"; readonly change: InventoryChange }
  | {
      readonly kind: "recorded";
      readonly task: Task;
      readonly request: RecordedRequest | null;
      readonly audited: AuditEntry;
    }
  | { readonly kind: "saved"; readonly task: Task }
  | { readonly kind: "pulse"; readonly pulse: Pulse }
  | { readonly kind: "audited"; readonly audited: AuditEntry }
  | { readonly kind: "lease"; readonly node: NodeName; readonly owner: ServerId | null; readonly fence: number };

export interface RecordedRequest {
  /** JSON of actor and key. */
  readonly id: string;
  readonly inputHash: string;
  /** ms since 1970. */
  readonly at: number;
}

/** What holds after an entry. */
export interface Heads {
  /** Random, made with the database. */
  readonly epoch: string;
  readonly revision: number;
  readonly oldestResumable: number;
  readonly audit: AuditHead;
}

export interface JournalEntry extends Heads {
  readonly sequence: number;
  /** Whose it is: a server writes the effects of each of its entries before it commits the next. */
  readonly by: ServerId;
  /** Random: tells a server whose acknowledgement was lost whether the entry there is its own. */
  readonly commit: string;
  readonly deed: Deed;
}

export interface JournalDocument extends Versioned, Heads {
  readonly _id: number;
  readonly by: ServerId;
  readonly commit: string;
  /** `restoring`: in place of the first entry, as long as the database is being filled from a backup. */
  readonly kind: Deed["kind"] | "restoring";
  /** JSON of the deed; deflated where it is long. */
  readonly deed: string | Binary;
}

export interface Journal {
  /** False: there is an entry of this number. @throws what the driver throws: it may be there or not */
  insert(entry: JournalEntry): Promise<boolean>;
  /**
   * A server that slept very long may find its number free again because the journal was trimmed there, where nobody reads
   * any more. False: so it is, and the entry was taken out again.
   */
  isBehindAnother(entry: JournalEntry): Promise<boolean>;
  /** Does this very entry stand in its place? No: none, or another one. */
  holds(entry: Pick<JournalEntry, "sequence" | "commit">): Promise<boolean>;
  /** The next ones, in order and without a gap. None: nothing new, or what follows is no longer kept. */
  next(sequence: number): Promise<readonly JournalEntry[]>;
  /** As `next`, but the first may not be the next one: what came between is then no longer kept. */
  after(sequence: number): Promise<readonly JournalEntry[]>;
  last(): Promise<JournalEntry | undefined>;
  trim(before: number): Promise<void>;
  /** The database was replaced by another one: takes out what was committed to it in the belief that it is still the one of this epoch. */
  removeStrays(epoch: string): Promise<void>;
}

const packedFrom = 16 * 1024;
/** MongoDB takes documents of 16 MiB; the rest is for the other fields. */
const longest = 15 * 1024 * 1024;
const batch = 500;
const nextBatch = 50;

export function createJournal(collection: Collection<JournalDocument>): Journal {
  const decodeAll = (documents: readonly JournalDocument[]): Promise<JournalEntry[]> =>
    Promise.all(documents.map(decodeEntry));

  return {
    async insert(entry) {
      try {
        await collection.insertOne(await encodeEntry(entry));
      } catch (thrown) {
        if (isDuplicateKey(thrown)) return false;
        throw thrown;
      }
      return true;
    },
    async isBehindAnother({ sequence, commit }) {
      if ((await collection.countDocuments({ _id: sequence - 1 }, { limit: 1 })) > 0) return true;
      await collection.deleteOne({ _id: sequence, commit });
      return false;
    },
    async holds({ sequence, commit }) {
      const document = await collection.findOne({ _id: sequence });
      return document !== null && (await decodeEntry(document)).commit === commit;
    },
    async next(sequence) {
      // By their numbers: a range is a scan on servers that index only equality.
      const numbers = Array.from({ length: nextBatch }, (_, index) => sequence + 1 + index);
      const entries = await decodeAll(await collection.find({ _id: { $in: numbers } }).toArray());
      const sorted = entries.sort((a, b) => a.sequence - b.sequence);
      return sorted.filter((entry, index) => entry.sequence === sequence + 1 + index);
    },
    after: async (sequence) =>
      decodeAll(
        await collection
          .find({ _id: { $gt: sequence } })
          .sort({ _id: 1 })
          .limit(batch)
          .toArray(),
      ),
    async last() {
      const [entry] = await decodeAll(await collection.find().sort({ _id: -1 }).limit(1).toArray());
      return entry;
    },
    async trim(before) {
      await collection.deleteMany({ _id: { $lt: before } });
    },
    async removeStrays(epoch) {
      const another = await collection.findOne({ epoch: { $ne: epoch } });
      if (another !== null) await collection.deleteMany({ epoch });
    },
  };
}

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

export async function encodeEntry({ sequence, deed, ...heads }: JournalEntry): Promise<JournalDocument> {
  return { _id: sequence, v: documentVersion, ...heads, kind: deed.kind, deed: await pack(JSON.stringify(deed)) };
}

/** @throws AppError CONFLICT for an entry of a newer ECoMan, or for what stands there in place of one */
export async function decodeEntry(document: JournalDocument): Promise<JournalEntry> {
  const { _id, v, by, commit, epoch, revision, oldestResumable, audit } = document;
  if (v > documentVersion) throw newerEcoman(v);
  if (document.kind === "restoring") throw halfRestored();
  const deed = JSON.parse(await unpack(document.deed)) as Deed;
  return { sequence: _id, by, commit, epoch, revision, oldestResumable, audit, deed };
}

function halfRestored(): AppError {
  return new AppError(
    "CONFLICT",
    "A restore into this database is under way, or was broken off: only a part of the data is there. Do the restore again (it starts anew), or drop the database or set another MONGO_DBNAME.",
  );
}

async function pack(text: string): Promise<string | Binary> {
  if (text.length < packedFrom) return text;
  const packed = await deflate(text, { level: 1 });
  if (packed.length > longest) {
    throw new AppError("LIMIT_EXCEEDED", `A change of ${text.length} characters at once is more than MongoDB takes.`);
  }
  return new Binary(packed);
}

async function unpack(deed: string | Binary): Promise<string> {
  return typeof deed === "string" ? deed : (await inflate(deed.buffer)).toString("utf8");
}
