/** Keeps the journal short: what every server has long taken in is deleted. One that slept longer reads all anew. */
import type { Journal } from "./journal.ts";

export interface Trimmer {
  /** To be called now and then, with the number of the last entry taken. @throws what the driver throws */
  turn(sequence: number): Promise<void>;
}

/** How long an entry is kept at least, in ms by this server's own clock. */
const keptMs = 10 * 60_000;

export function createTrimmer(journal: Journal, monotonic: () => number = () => performance.now()): Trimmer {
  const marks: { readonly sequence: number; readonly at: number }[] = [];
  return {
    async turn(sequence) {
      marks.push({ sequence, at: monotonic() });
      const old = marks.filter(({ at }) => monotonic() - at >= keptMs);
      const newest = old.at(-1);
      if (newest === undefined) return;
      await journal.trim(newest.sequence);
      marks.splice(0, old.length);
    },
  };
}
