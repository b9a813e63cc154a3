/** Which nodes this server looks after: all, or its share among the servers of a store. */
import { monotonicClock } from "./clock.ts";
import type { Caretaker, LeaseLimits, Leases } from "./leases/leases.ts";
import { createSharedLeases } from "./leases/shared-leases.ts";
import { createSoleLeases } from "./leases/sole-leases.ts";
import type { Log } from "./log.ts";
import type { InventoryStore } from "./store/store.ts";

export interface LeasesOpener {
  readonly caretaker: Caretaker;
  readonly log: Log;
  /** Default: see defaultLeaseLimits. */
  readonly limits?: Partial<LeaseLimits> | undefined;
}

export function openLeases(
  { leases }: Pick<InventoryStore, "leases">,
  { caretaker, log, limits }: LeasesOpener,
): Leases {
  if (leases === null) return createSoleLeases({ caretaker, log });
  log.info({ server: leases.self }, "This server shares its database with others; leases name it so.");
  return createSharedLeases({ store: leases, caretaker, clock: monotonicClock, log, limits });
}
