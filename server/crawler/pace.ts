/** How soon a node is looked at again: on its interval while it answers, more and more rarely while it does not. */
import type { ErrorCode } from "../errors.ts";

export interface Pace {
  readonly intervalMs: number;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
}

export interface Failing {
  readonly code: ErrorCode;
  /** Failed scans in a row, this one included. */
  readonly failures: number;
  /** How long it has been failing, in ms. */
  readonly sinceMs: number;
}

const damagedRetryMs = 5_000;

/** How long, in ms, a failing node is left alone at most. The driver does not contact a host that refused these very credentials. */
const longestPauses: Partial<Record<ErrorCode, number>> = {
  HOST_UNREACHABLE: 300_000,
  TIMEOUT: 300_000,
  // A line added to known_hosts, or a new key file, should be seen soon.
  AUTH_FAILED: 60_000,
  HOST_KEY_UNKNOWN: 60_000,
  HOST_KEY_MISMATCH: 60_000,
};

/** ms from the start of one scan to the start of the next; within 5 % of what it should be, so that nodes drift apart. */
export function periodOf(pace: Pace, failing: Failing | undefined): number {
  return steadyPeriodOf(pace.intervalMs, failing) * (0.95 + pace.random() / 10);
}

/** A quarter of the outage so far: who was away for long may wait longer, who was away shortly is seen again at once. */
function steadyPeriodOf(intervalMs: number, failing: Failing | undefined): number {
  if (failing === undefined) return intervalMs;
  if (failing.code === "OUTPUT_DAMAGED" && failing.failures === 1) return Math.min(intervalMs, damagedRetryMs);
  return Math.max(intervalMs, Math.min(failing.sinceMs / 4, longestPauses[failing.code] ?? 0));
}
