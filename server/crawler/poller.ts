/**
 * A run at intervals that never overlaps itself. It can be woken, but not hurried past a minimum gap; the interval is
 * measured from start to start, and from the end of a run that took longer.
 */
import type { Clock } from "../clock.ts";

export interface Poller<Outcome> {
  /** The next run begins as soon as the minimum gap allows. */
  wake(): void;
  /** Wakes, and resolves with the outcome of a run that begins after this call; undefined when the poller is closed before. */
  next(): Promise<Outcome | undefined>;
  /** Aborts the run under way; resolves when nothing is. */
  close(): Promise<void>;
}

export interface PollerOptions<Outcome> {
  /** Must not throw, and should end soon after the signal is aborted. */
  readonly run: (signal: AbortSignal) => Promise<Turn<Outcome>>;
  /** ms before the first run. Default 0. */
  readonly firstDelayMs?: number;
  /** ms at least between the end of a run and the start of the next. Default 1000. */
  readonly minGapMs?: number;
  readonly clock: Clock;
}

export interface Turn<Outcome> {
  readonly outcome: Outcome;
  /** When the next run is due, in ms from the start of this one. */
  readonly periodMs: number;
}

export function createPoller<Outcome>(options: PollerOptions<Outcome>): Poller<Outcome> {
  const { run, firstDelayMs = 0, minGapMs = 1000, clock } = options;
  const closing = new AbortController();
  let nap = new AbortController();
  let isHurried = false;
  let waiting: ((outcome: Outcome | undefined) => void)[] = [];

  function wake(): void {
    isHurried = true;
    nap.abort();
  }

  async function pause(dueInMs: number, gapMs: number): Promise<void> {
    const from = clock.now();
    if (!isHurried && dueInMs > 0) {
      nap = new AbortController();
      await clock.sleep(dueInMs, nap.signal);
    }
    // A clock that was set back must not make the rest of the gap longer than the gap.
    const rest = Math.min(gapMs, from + gapMs - clock.now());
    if (isHurried && rest > 0) await clock.sleep(rest, closing.signal);
  }

  async function loop(): Promise<void> {
    await pause(firstDelayMs, 0);
    while (!closing.signal.aborted) {
      isHurried = false;
      const joined = waiting;
      waiting = [];
      const startedAt = clock.now();
      const { outcome, periodMs } = await run(closing.signal);
      for (const resolve of joined) resolve(outcome);
      const elapsed = Math.max(0, clock.now() - startedAt);
      if (!closing.signal.aborted) await pause(Math.max(periodMs - elapsed, minGapMs), minGapMs);
    }
    for (const resolve of waiting) resolve(undefined);
  }

  const ended = loop();
  return {
    wake,
    next() {
      if (closing.signal.aborted) return Promise.resolve(undefined);
      const outcome = new Promise<Outcome | undefined>((resolve) => waiting.push(resolve));
      wake();
      return outcome;
    },
    async close() {
      closing.abort();
      nap.abort();
      await ended;
    },
  };
}
