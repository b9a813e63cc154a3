/** In ms. A dead link is found within 20 s whatever is being done: each of these, or the sum that applies, stays below. */
export interface Timings {
  /** From the first packet to an open TCP connection. */
  readonly tcpMs: number;
  /** From the first packet to a connection that is logged in, all attempts to find the right key type together. */
  readonly readyMs: number;
  /** Between two keepalives. The link is dead when two in a row were not answered and a third one would be due. */
  readonly keepaliveMs: number;
  /** How long a channel that was given up may take to close before its connection is not used any more. */
  readonly closeMs: number;
}

export const defaultTimings: Timings = { tcpMs: 10_000, readyMs: 15_000, keepaliveMs: 5_000, closeMs: 2_000 };
