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

/** `now` as the model writes it. */
export function timestampOf(ms: number): string {
  return new Date(ms).toISOString();
}
