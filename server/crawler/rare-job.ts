/** Something that is asked of a host now and then, in an exec of its own, beside the scans. */
import type { Clock } from "../clock.ts";

export interface RareJob {
  /** Starts the work when it is due and not under way. */
  maybeStart(signal: AbortSignal): void;
  /** Makes it due. */
  expire(): void;
  /** Resolves when it is not under way. */
  idle(): Promise<void>;
}

export interface RareJobOptions {
  /** Must not reject. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** In ms, from start to start. */
  readonly everyMs: number;
  readonly clock: Clock;
}

export function createRareJob({ run, everyMs, clock }: RareJobOptions): RareJob {
  let triedAt: number | undefined;
  let running: Promise<void> | undefined;
  return {
    maybeStart(signal) {
      const isDue = triedAt === undefined || Math.abs(clock.now() - triedAt) >= everyMs;
      if (running !== undefined || !isDue || signal.aborted) return;
      triedAt = clock.now();
      running = run(signal).finally(() => {
        running = undefined;
      });
    },
    expire() {
      triedAt = undefined;
    },
    idle: () => running ?? Promise.resolve(),
  };
}
