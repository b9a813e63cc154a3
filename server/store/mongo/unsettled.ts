/**
 * Entries whose effects may not be in the collections yet: at most one of each server, since it writes them before it
 * commits again. A server that died in between leaves them to the others.
 */
import type { ServerId } from "../leases.ts";
import type { Collections } from "./documents.ts";
import { carryOut, hasEffects } from "./effects.ts";
import type { JournalEntry } from "./journal.ts";

export interface Unsettled {
  /** In the order of the entries. */
  readonly note: (entry: JournalEntry) => void;
  /** Writes the effects of those `which` is true for, in their order. @throws what the driver throws: they stay noted */
  settle(which: (entry: JournalEntry) => boolean): Promise<void>;
  /** Forgets those `which` is not true for. */
  keep(which: (entry: JournalEntry) => boolean): void;
}

export function createUnsettled(collections: Collections): Unsettled {
  const entries = new Map<ServerId, JournalEntry>();
  function oldest(which: (entry: JournalEntry) => boolean): JournalEntry | undefined {
    return [...entries.values()].filter(which).sort((a, b) => a.sequence - b.sequence)[0];
  }

  return {
    note(entry) {
      if (hasEffects(entry)) entries.set(entry.by, entry);
      else entries.delete(entry.by);
    },
    async settle(which) {
      // Looked for anew each time: while one is written others are noted.
      for (let entry = oldest(which); entry !== undefined; entry = oldest(which)) {
        await carryOut(entry, collections);
        if (entries.get(entry.by) === entry) entries.delete(entry.by);
      }
    },
    keep(which) {
      for (const [by, entry] of entries) if (!which(entry)) entries.delete(by);
    },
  };
}
