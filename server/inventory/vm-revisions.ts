/** When each VM last changed or was removed, so that a subscriber can resume where he left. */
import type { Revision, VmId } from "../model.ts";
import type { StoredInventory } from "../store/store.ts";
import { parseRevision } from "../store/store.ts";

export interface VmRevisions {
  changed(id: VmId, number: number): void;
  removed(id: VmId, number: number): void;
  /** Every VM that changed or went after `since`; undefined when that can't be told: too old, ahead of us, or foreign. */
  idsSince(since: Revision, now: Revision): readonly VmId[] | undefined;
}

/** `limit`: how many removed VMs are remembered. */
export function createVmRevisions(stored: StoredInventory, limit: number): VmRevisions {
  const present = new Map(Array.from(stored.vmRevisions, ([id, revision]) => [id, numberOf(revision)]));
  /** Oldest removal first. */
  const gone = new Map(
    stored.removed.map(({ id, revision }) => [id, numberOf(revision)] as const).sort(([, a], [, b]) => a - b),
  );
  let oldest = numberOf(stored.oldestResumable);

  function forgetOldest(): void {
    for (const [id, number] of gone) {
      // The removals of one revision leave together: who resumes from just before it would else miss some of them.
      if (gone.size <= limit && number > oldest) return;
      gone.delete(id);
      oldest = number;
    }
  }

  return {
    changed(id, number) {
      gone.delete(id);
      present.set(id, number);
    },
    removed(id, number) {
      present.delete(id);
      gone.delete(id);
      gone.set(id, number);
      if (gone.size > limit) forgetOldest();
    },
    idsSince(since, now) {
      const asked = parseRevision(since);
      const current = parseRevision(now);
      if (asked === undefined || asked.epoch !== current?.epoch) return undefined;
      if (asked.number < oldest || asked.number > current.number) return undefined;
      return [...present, ...gone].filter(([, number]) => number > asked.number).map(([id]) => id);
    },
  };
}

function numberOf(revision: Revision): number {
  return parseRevision(revision)?.number ?? 0;
}
