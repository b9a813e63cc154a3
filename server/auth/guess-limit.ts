/** Bounds how often a token may be guessed: from one address, and from all together. */
import type { Clock } from "../clock.ts";

export interface GuessLimit {
  /** Whole seconds until this address may try again; undefined: it may now. */
  waitSeconds(address: string): number | undefined;
  /** A guess from there was wrong. */
  wrong(address: string): void;
}

/** So many wrong guesses at once, then one more as each interval passes. */
interface Allowance {
  readonly burst: number;
  readonly intervalMs: number;
}

const each: Allowance = { burst: 10, intervalMs: 6_000 };
const together: Allowance = { burst: 60, intervalMs: 1_000 };

/** Of wrong guesses only the moment is kept at which all of them are forgiven. */
export function createGuessLimit(clock: Clock): GuessLimit {
  const forgivenAt = new Map<string, number>();
  let allForgivenAt = 0;

  function waitMs(forgiven: number, { burst, intervalMs }: Allowance): number {
    return forgiven - clock.now() - (burst - 1) * intervalMs;
  }

  return {
    waitSeconds(address) {
      const ms = Math.max(waitMs(forgivenAt.get(address) ?? 0, each), waitMs(allForgivenAt, together));
      return ms > 0 ? Math.ceil(ms / 1000) : undefined;
    },
    wrong(address) {
      const now = clock.now();
      for (const [one, at] of forgivenAt) if (at <= now) forgivenAt.delete(one);
      forgivenAt.set(address, Math.max(now, forgivenAt.get(address) ?? 0) + each.intervalMs);
      allForgivenAt = Math.max(now, allForgivenAt) + together.intervalMs;
    },
  };
}
