import { setTimeout as delay } from "node:timers/promises";

/** Time as the parts need it, so that a test may hold it still. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal is aborted (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal, ref: true }).catch(() => undefined);
  },
};

/** Time for intervals: whatever is done to the wall clock, it only goes forward. It says nothing about another machine's. */
export interface MonotonicClock extends Pick<Clock, "sleep"> {
  /** ms since some moment in this process's life. */
  monotonic(): number;
}

export const monotonicClock: MonotonicClock = {
  monotonic: () => performance.now(),
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
};

/** What the promise resolves with; undefined: not within `ms`, and it goes on all the same. @throws what it rejects with in time */
export async function within<T>(promise: Promise<T>, ms: number, clock: Pick<Clock, "sleep">): Promise<T | undefined> {
  const enough = new AbortController();
  try {
    return await Promise.race([promise, clock.sleep(ms, enough.signal).then(() => undefined)]);
  } finally {
    enough.abort();
  }
}

/** `now` as the model writes it. */
export function timestampOf(ms: number): string {
  return new Date(ms).toISOString();
}
