/**
 * Hears of what other servers commit: by a change stream on the journal, or by looking where the database gives none.
 * The stream only makes it quick. What counts is the numbers: whatever a stream loses, the journal still has.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ChangeStream, ChangeStreamInsertDocument, Collection, ResumeToken } from "mongodb";
import type { Log } from "../../log.ts";
import { isLostHistory } from "./failure.ts";
import { decodeEntry, type Journal, type JournalDocument, type JournalEntry } from "./journal.ts";

export interface Tail {
  /** Takes in everything that is in the journal by now. @throws what the driver throws */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export interface TailOptions {
  readonly journal: Journal;
  readonly collection: Collection<JournalDocument>;
  /** Does the database give change streams? */
  readonly streams: boolean;
  /** The number of the last entry taken. */
  readonly sequence: () => number;
  /** The next entry. */
  readonly onEntry: (entry: JournalEntry) => void;
  /** Entries between the last one taken and the oldest one kept are gone. */
  readonly onGap: () => Promise<void>;
  readonly log: Log;
}

/** Between two looks where there is no stream, and where there is one that may have fallen silent; in ms. */
const lookEveryMs = { alone: 400, besideStream: 3000 } as const;
const reopenPauseMs = 250;

export function createTail(options: TailOptions): Tail {
  const { journal, collection, streams, sequence, onEntry, onGap, log } = options;
  const closing = new AbortController();
  const { signal } = closing;
  let looking: Promise<void> | undefined;
  let stream: ChangeStream<JournalDocument> | undefined;
  let token: ResumeToken;
  let wasReachable = true;

  function catchUp(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function look(): Promise<void> {
    for (;;) {
      const entries = await journal.after(sequence());
      if (entries.length === 0) return;
      for (const entry of entries) {
        if (entry.sequence <= sequence()) continue;
        if (entry.sequence !== sequence() + 1) await onGap();
        else onEntry(entry);
      }
    }
  }

  async function lookNowAndThen(): Promise<void> {
    const everyMs = streams ? lookEveryMs.besideStream : lookEveryMs.alone;
    while (await pause(everyMs)) {
      const before = sequence();
      await guarded(catchUp);
      if (streams && sequence() > before) {
        log.debug({ from: before, to: sequence() }, "The journal held entries that the change stream had not brought.");
      }
    }
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      await guarded(followOnce);
      await pause(reopenPauseMs);
    }
  }

  /** Until the stream breaks. It goes on from the token of the one before, so that nothing need be looked up. */
  async function followOnce(): Promise<void> {
    const resumed = token === undefined ? {} : { resumeAfter: token };
    stream = collection.watch<JournalDocument>([{ $match: { operationType: "insert" } }], {
      ...resumed,
      maxAwaitTimeMS: 500,
    });
    try {
      // Opens it: what was committed before that is looked up now.
      await takeIn(await stream.tryNext());
      await catchUp();
      while (!signal.aborted) await takeIn(await stream.next());
    } catch (thrown) {
      if (isLostHistory(thrown)) token = undefined;
      throw thrown;
    } finally {
      await stream.close().catch(() => undefined);
    }
  }

  async function takeIn(event: unknown): Promise<void> {
    if (event === null) return;
    const { _id, fullDocument } = event as ChangeStreamInsertDocument<JournalDocument>;
    token = _id;
    const entry = await decodeEntry(fullDocument);
    if (entry.sequence === sequence() + 1) onEntry(entry);
    else if (entry.sequence > sequence()) await catchUp();
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
    async close() {
      closing.abort();
      await stream?.close().catch(() => undefined);
      await Promise.allSettled(running);
    },
  };
}
