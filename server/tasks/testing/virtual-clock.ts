/**
 * Time that costs none: when all that can run has run, it jumps to the next sleeper. What takes five minutes of a
 * guest's time is over in a moment, in the same order each time.
 */
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../clock.ts";

interface Sleeper {
  readonly wakesAt: number;
  wake(): void;
}

/** So many rounds of the event loop without a wake-up count as quiet. */
const quietRounds = 3;

export function createVirtualClock(): Clock {
  let now = Date.now();
  let isRunning = false;
  const sleepers = new Set<Sleeper>();

  async function run(): Promise<void> {
    isRunning = true;
    while (sleepers.size > 0) {
      for (let round = 0; round < quietRounds; round += 1) await setImmediate();
      let next: Sleeper | undefined;
      for (const sleeper of sleepers) if (next === undefined || sleeper.wakesAt < next.wakesAt) next = sleeper;
      if (next === undefined) continue;
      now = Math.max(now, next.wakesAt);
      next.wake();
    }
    isRunning = false;
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { wakesAt: now + Math.max(ms, 0), wake };
        function wake(): void {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        }
        if (signal?.aborted) return resolve();
        signal?.addEventListener("abort", wake, { once: true });
        sleepers.add(sleeper);
        if (!isRunning) void run();
      }),
  };
}
