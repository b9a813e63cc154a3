/** For how long something was seen unchanged, by this server's own clock alone. */
import type { LeaseLimits } from "./leases.ts";

export interface Silences {
  /** What a look showed, by key. A key that it did not show begins anew when it comes back. */
  note(values: ReadonlyMap<string, string>, look: Span): void;
  /** ms; 0 for what changed, or was not there at the look before. */
  of(key: string): number;
  /** A look failed: nobody could be heard meanwhile, so nobody was silent. */
  restart(): void;
}

/** By the monotonic clock, in ms. */
export interface Span {
  readonly startedAt: number;
  readonly endedAt: number;
}

interface Sighting {
  readonly value: string;
  readonly silentMs: number;
}

/**
 * Only the time from the end of one look to the start of the next counts: what was seen may have been written just before
 * the one ended, and the other may have read as soon as it started. A long gap counts as one of a round and a half: the
 * database may have been away in it, and those who could not reach it need time to be heard again.
 */
export function createSilences({ beatMs, leaseMs }: Pick<LeaseLimits, "beatMs" | "leaseMs">): Silences {
  const longestStepMs = 1.5 * beatMs;
  let sightings = new Map<string, Sighting>();
  let lastEndedAt: number | undefined;

  function restart(): void {
    sightings = new Map();
    lastEndedAt = undefined;
  }

  return {
    note(values, { startedAt, endedAt }) {
      const gapMs = startedAt - (lastEndedAt ?? startedAt);
      if (gapMs > leaseMs) restart();
      const stepMs = Math.min(gapMs, longestStepMs);
      const next = [...values].map(([key, value]): [string, Sighting] => {
        const before = sightings.get(key);
        return [key, { value, silentMs: before?.value === value ? before.silentMs + stepMs : 0 }];
      });
      sightings = new Map(next);
      lastEndedAt = endedAt;
    },
    of: (key) => sightings.get(key)?.silentMs ?? 0,
    restart,
  };
}
