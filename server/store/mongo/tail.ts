/**
 * Hears of what other servers commit: by a change stream on the journal, or by looking where the database gives none.
 * The stream only says when to look. What counts is what stands in the journal: whatever a stream loses the journal still
 * has, and what a stream invents it has not (mongo-java-server 1.47 tells of insertions that it refused).
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ChangeStream, ChangeStreamDocument, Collection, ResumeToken } from "mongodb";
import type { Log } from "../../log.ts";
import { isPassing } from "./failure.ts";
import type { Journal, JournalDocument, JournalEntry } from "./journal.ts";

export interface Tail {
  /** Takes in everything that is in the journal by now. @throws what the driver throws */
  catchUp(): Promise<void>;
  /** Was the journal seen whole lately, much less long ago than its entries are kept? */
  isFresh(): boolean;
  /** How often `onGap` was called. */
  readonly gaps: number;
  close(): Promise<void>;
}

export interface TailOptions {
  readonly journal: Journal;
  readonly collection: Collection<JournalDocument>;
  /** Does the database give change streams? */
  readonly streams: boolean;
  /** The last entry taken. */
  readonly last: () => JournalEntry;
  /** The next entry. */
  readonly onEntry: (entry: JournalEntry) => void;
  /** Entries between the last one taken and the oldest one kept are gone, or the journal is another one than it was. */
  readonly onGap: () => Promise<void>;
  readonly log: Log;
}

/** Between two looks where there is no stream, and where there is one that may have fallen silent; in ms. */
const lookEveryMs = { alone: 400, besideStream: 3000 } as const;
/** Before a stream is opened again: at once after one that lived, later and later where none will. */
const reopenPausesMs = [10, 50, 250];

const freshMs = 60_000;
/** Without the document: it is read from the journal. */
const insertions = [{ $match: { operationType: "insert" } }, { $project: { fullDocument: 0 } }];

const never = { monotonic: Number.NEGATIVE_INFINITY, wall: 0 };
const missedForMs = 2000;

const now = () => ({ monotonic: performance.now(), wall: Date.now() });

export function createTail(options: TailOptions): Tail {
  const { journal, collection, streams, last, onEntry, onGap, log } = options;
  const sequence = (): number => last().sequence;
  const closing = new AbortController();
  const { signal } = closing;
  let lookedAt = now();
  let gaps = 0;
  /** The last entry known at the look before. */
  let verified = last();
  let missedAt: number | undefined;
  let stream: ChangeStream<JournalDocument> | undefined;
  let token: ResumeToken;
  let wasReachable = true;

  async function catchUp(): Promise<void> {
    for (;;) {
      const entries = await journal.next(sequence());
      for (const entry of entries) if (entry.sequence === sequence() + 1) onEntry(entry);
      if (entries.length === 0) return;
    }
  }

  /** Finds too what `catchUp` can't: that the journal goes on far ahead, or was begun anew when the database was replaced. */
  async function look(): Promise<void> {
    const startedAt = now();
    await catchUp();
    const known = last();
    const [first] = await journal.after(known.sequence);
    const isGap = first !== undefined && first.sequence > known.sequence + 1;
    // Where another one stands in its place the journal is another one, whatever was committed on top of it since.
    const isOther = !(await journal.holds(known)) || (verified !== known && !(await journal.holds(verified)));
    if (isOther && !isMissedTwice(startedAt.monotonic)) return;
    if (isOther) await journal.removeStrays(known.epoch);
    if (isGap || isOther) await readAnew();
    missedAt = undefined;
    verified = last();
    lookedAt = startedAt;
  }

  /** Right after a change of the primary what was acknowledged may not be there to be read yet. */
  function isMissedTwice(at: number): boolean {
    missedAt ??= at;
    return at - missedAt >= missedForMs;
  }

  async function readAnew(): Promise<void> {
    lookedAt = never;
    gaps += 1;
    await onGap();
  }

  /** Both clocks: one stands still while the machine sleeps, the other may be set. */
  function isFresh(): boolean {
    const at = now();
    return at.monotonic - lookedAt.monotonic < freshMs && Math.abs(at.wall - lookedAt.wall) < freshMs;
  }

  async function lookNowAndThen(): Promise<void> {
    const everyMs = streams ? lookEveryMs.besideStream : lookEveryMs.alone;
    while (await pause(everyMs)) {
      const before = sequence();
      await guarded(look);
      if (streams && sequence() > before) {
        log.debug({ from: before, to: sequence() }, "The journal held entries that the change stream had not brought.");
      }
    }
  }

  async function follow(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const before = token;
      await guarded(followOnce);
      failures = token === before ? failures + 1 : 0;
      await pause(reopenPausesMs[failures] ?? 250);
    }
  }

  /** Until the stream breaks. It goes on from the token of the one before, so that nothing need be looked up. */
  async function followOnce(): Promise<void> {
    const resumed = token === undefined ? {} : { resumeAfter: token };
    stream = collection.watch<JournalDocument>(insertions, {
      ...resumed,
      maxAwaitTimeMS: 500,
    });
    try {
      // Opens it: what was committed before that is looked up now.
      await heed(await stream.tryNext());
      await catchUp();
      while (!signal.aborted) await heed(await stream.next());
    } catch (thrown) {
      // The stream can't go on from there, as after a lost history; the journal still has what it would have told.
      if (!isPassing(thrown)) token = undefined;
      throw thrown;
    } finally {
      await stream.close().catch(() => undefined);
    }
  }

  async function heed(event: ChangeStreamDocument<JournalDocument> | null): Promise<void> {
    if (event?.operationType !== "insert") return;
    const { documentKey, _id: resumable } = event;
    const { _id: number } = documentKey as unknown as Pick<JournalDocument, "_id">;
    if (number > sequence()) await catchUp();
    token = resumable;
  }

  /** An unreachable database is told once, and goes on being tried. */
  async function guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      if (!wasReachable) log.info({}, "The database can be read again.");
      wasReachable = true;
    } catch (error) {
      if (signal.aborted) return;
      if (wasReachable) log.warn({ error }, "What other servers write can't be read now; it is tried again and again.");
      wasReachable = false;
    }
  }

  /** False: it is over. */
  async function pause(ms: number): Promise<boolean> {
    await delay(ms, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }

  const running = [lookNowAndThen(), ...(streams ? [follow()] : [])];

  return {
    catchUp,
    isFresh,
    get gaps() {
      return gaps;
    },
    async close() {
      closing.abort();
      await stream?.close().catch(() => undefined);
      await Promise.allSettled(running);
    },
  };
}
