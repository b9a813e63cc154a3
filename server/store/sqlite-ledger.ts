/** The one counter behind all revisions of a file. */
import type { Revision } from "../model.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { createMeta } from "./sqlite-meta.ts";
import { formatRevision } from "./store.ts";

export interface Ledger {
  readonly epoch: string;
  /** The number of the last commit. */
  readonly number: number;
  readonly revision: Revision;
  /**
   * One transaction under the next number, which `work` is given. When `work` answers undefined it has written nothing,
   * and the number stays.
   */
  commit<T>(work: (number: number) => T | undefined): T | undefined;
  revisionOf(number: number): Revision;
}

export function createLedger(file: SqliteFile): Ledger {
  const meta = createMeta(file);
  const epoch = meta.get("epoch");
  let current = Number(meta.get("revision"));
  const revisionOf = (number: number): Revision => formatRevision({ epoch, number });

  return {
    epoch,
    get number() {
      return current;
    },
    get revision() {
      return revisionOf(current);
    },
    revisionOf,
    commit(work) {
      const next = current + 1;
      const result = file.write(() => {
        const written = work(next);
        if (written !== undefined) meta.set("revision", String(next));
        return written;
      });
      if (result !== undefined) current = next;
      return result;
    },
  };
}
