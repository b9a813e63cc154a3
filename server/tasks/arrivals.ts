/** What this server heard of the tasks that have not ended: when each arrived, and who called it off meanwhile. */
import type { TaskId } from "../model.ts";

export interface Arrivals {
  /** The store's news showed it being recorded. */
  arrived(id: TaskId): void;
  /** These are unfinished on record. Those not heard of before came some time after `since`; those not among them have ended. */
  found(ids: readonly TaskId[], since: number): void;
  ended(id: TaskId): void;
  /** Was it heard of at all? Who is asked before the news came does not know it yet. */
  isKnown(id: TaskId): boolean;
  /** Did it arrive so lately that whoever asked for it still expects it to be done? */
  isFresh(id: TaskId): boolean;
  calledOff(id: TaskId, actor: string): void;
  /** Who called it off; undefined: nobody. */
  calledOffBy(id: TaskId): string | undefined;
}

/** How long after its arrival a task may begin where the server that had it is gone, in ms. */
const freshMs = 120_000;

interface Arrival {
  /** At the latest; in ms, by this server's own clock. */
  readonly at: number;
  calledOffBy?: string;
}

/** `monotonic`: ms since whenever, never set back. */
export function createArrivals(monotonic: () => number): Arrivals {
  const arrivals = new Map<TaskId, Arrival>();
  return {
    arrived(id) {
      arrivals.set(id, { ...arrivals.get(id), at: monotonic() });
    },
    found(ids, since) {
      const unfinished = new Set(ids);
      for (const id of arrivals.keys()) if (!unfinished.has(id)) arrivals.delete(id);
      for (const id of ids) if (!arrivals.has(id)) arrivals.set(id, { at: since });
    },
    ended(id) {
      arrivals.delete(id);
    },
    isKnown: (id) => arrivals.has(id),
    isFresh(id) {
      const arrival = arrivals.get(id);
      return arrival !== undefined && monotonic() - arrival.at <= freshMs;
    },
    calledOff(id, actor) {
      const arrival = arrivals.get(id);
      if (arrival !== undefined) arrival.calledOffBy = actor;
    },
    calledOffBy: (id) => arrivals.get(id)?.calledOffBy,
  };
}
