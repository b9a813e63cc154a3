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
  /** Writes the effects of those `which` is true for. @throws what the driver throws: they stay noted */
  settle(which: (entry: JournalEntry) => boolean): Promise<void>;
}

export function createUnsettled(collections: Collections): Unsettled {
  const entries = new Map<ServerId, JournalEntry>();
  return {
    note(entry) {
      if (hasEffects(entry)) entries.set(entry.by, entry);
      else entries.delete(entry.by);
    },
    async settle(which) {
      for (const entry of [...entries.values()].filter(which)) {
        await carryOut(entry, collections);
        if (entries.get(entry.by) === entry) entries.delete(entry.by);
      }
    },
  };
}
