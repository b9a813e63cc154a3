/** A run again and again that never overlaps itself. It can be woken, but not hurried past a minimum gap. */
import type { MonotonicClock } from "../clock.ts";

export interface Rounds {
  /** The next run begins as soon as the minimum gap allows. */
  readonly wake: () => void;
  /** Resolves when none is under way, and none will be. */
  close(): Promise<void>;
}

export interface RoundsOptions {
  /** Must not throw. Resolves with the time from its end to the next, in ms. */
  readonly run: () => Promise<number>;
  readonly minGapMs: number;
  readonly clock: Pick<MonotonicClock, "sleep">;
}

/** The first begins at once. */
export function createRounds({ run, minGapMs, clock }: RoundsOptions): Rounds {
  const closing = new AbortController();
  let nap = new AbortController();
  let isHurried = false;

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      isHurried = false;
      const pauseMs = await run();
      await clock.sleep(minGapMs, closing.signal);
      nap = new AbortController();
      if (!isHurried && !closing.signal.aborted && pauseMs > minGapMs)
        await clock.sleep(pauseMs - minGapMs, nap.signal);
    }
  }

  const ended = loop();
  return {
    wake() {
      isHurried = true;
      nap.abort();
    },
    async close() {
      closing.abort();
      nap.abort();
      await ended;
    },
  };
}
