/** Keeps the journal short: what every server has long taken in is deleted. One that slept longer reads all anew. */
import type { Journal, JournalEntry } from "./journal.ts";

export interface Trimmer {
  /** To be called now and then, with the last entry taken. @throws what the driver throws */
  turn(last: JournalEntry): Promise<void>;
}

/** How long an entry is kept at least, in ms by this server's own clock. */
const keptMs = 10 * 60_000;

export function createTrimmer(journal: Journal, monotonic: () => number = () => performance.now()): Trimmer {
  const marks: { readonly entry: JournalEntry; readonly at: number }[] = [];
  return {
    async turn(last) {
      marks.push({ entry: last, at: monotonic() });
      const old = marks.filter(({ at }) => monotonic() - at >= keptMs);
      const newest = old.at(-1)?.entry;
      if (newest === undefined) return;
      // In a database that was replaced since, the number is another one's, and may be beyond all there is.
      if (await journal.holds(newest)) await journal.trim(newest.sequence);
      marks.splice(0, old.length);
    },
  };
}
