/** The store's failures, told once per outage and not once per round. */
import type { MonotonicClock } from "../clock.ts";
import { isAppError } from "../errors.ts";
import type { Log } from "../log.ts";

export interface Outage {
  readonly failed: (error: unknown) => void;
  answered(): void;
  /** The last round failed. */
  readonly isOn: boolean;
}

export function createOutage(clock: Pick<MonotonicClock, "monotonic">, log: Log): Outage {
  let since: number | undefined;
  return {
    failed(error) {
      if (since !== undefined) return;
      since = clock.monotonic();
      const message =
        "The leases could not be kept up with the store; this server tries on, and lets go of its nodes when they run out";
      if (isAppError(error, "STORE_UNREACHABLE")) log.warn({ reason: error.message }, message);
      else log.error({ err: error }, message);
    },
    get isOn() {
      return since !== undefined;
    },
    answered() {
      if (since === undefined) return;
      const outageMs = Math.round(clock.monotonic() - since);
      since = undefined;
      log.info({ outageMs }, "The store answers again; the leases are kept up as before.");
    },
  };
}
