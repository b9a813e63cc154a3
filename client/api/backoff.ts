export interface BackoffOptions {
  /** Before the first retry. Default 500. */
  readonly firstMs?: number;
  /** Never more than this. Default 15000. */
  readonly mostMs?: number;
  /** From 0 up to 1. Default Math.random. */
  readonly random?: () => number;
}

/** Milliseconds before retry number `attempt` (0 is the first): doubling, and spread so that many browsers do not come back at once. */
export function backoffMs(attempt: number, options: BackoffOptions = {}): number {
  const { firstMs = 500, mostMs = 15_000, random = Math.random } = options;
  const whole = Math.min(mostMs, firstMs * 2 ** attempt);
  return Math.round(whole / 2 + (whole / 2) * random());
}
