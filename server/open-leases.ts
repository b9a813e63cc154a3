/** Which nodes this server looks after: all, or its share among the servers of a store. */
import { monotonicClock } from "./clock.ts";
import type { Leaseholder, Leases } from "./leases/leases.ts";
import { createSharedLeases } from "./leases/shared-leases.ts";
import { createSoleLeases } from "./leases/sole-leases.ts";
import type { Log } from "./log.ts";
import type { InventoryStore } from "./store/store.ts";

export interface LeasesOpener {
  readonly holder: Leaseholder;
  readonly log: Log;
}

export function openLeases({ leases }: Pick<InventoryStore, "leases">, { holder, log }: LeasesOpener): Leases {
  if (leases === null) return createSoleLeases({ holder, log });
  log.info({ server: leases.self }, "This server shares its database with others; leases name it so.");
  return createSharedLeases({ store: leases, holder, clock: monotonicClock, log });
}
