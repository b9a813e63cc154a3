/** A clock that stands still until a test moves it. */
import type { Clock } from "../../clock.ts";

export interface ManualClock extends Clock {
  /** Moves on, waking every sleeper at its time, in order; what they do is let run before time goes on. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function createManualClock(start = Date.parse("2026-01-01T00:00:00.000Z")): ManualClock {
  let now = start;
  const sleepers = new Set<Sleeper>();

  return {
    now: () => now,
    sleep(ms, signal) {
      if (signal?.aborted || ms <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper: Sleeper = { at: now + ms, wake };
        function wake(): void {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        }
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake);
      });
    },
    async advance(ms) {
      const until = now + ms;
      await settled();
      for (;;) {
        const [next] = [...sleepers].sort((one, other) => one.at - other.at);
        if (next === undefined || next.at > until) break;
        now = Math.max(now, next.at);
        next.wake();
        await settled();
      }
      now = until;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
