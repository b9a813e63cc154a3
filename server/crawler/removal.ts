/**
 * When a VM that is not seen any more is gone. hostd lists nothing, or half, for a while after its restart, so one scan
 * proves nothing, and only scans that showed everything count.
 */
import type { HostObservation } from "../esxi/driver.ts";

/** How long complete scans must miss a VM where vmInventory.xml can't be read, in ms. */
const withoutRegisterMs = 300_000;
const scansWithRegister = 2;

export interface Absence {
  /** Complete scans in a row, vmInventory.xml among them, that missed the VM. */
  readonly scans: number;
  /** ms; the first complete scan that missed it with no failed or partial one since. */
  readonly since: number | undefined;
}

/** How much a scan can say about what is not there. `at` in ms. */
export interface Witness {
  readonly at: number;
  /** The listing and the list of running VMs were both had, from a hostd that answers. */
  readonly complete: boolean;
  /** vmInventory.xml was read. */
  readonly register: boolean;
}

export const noWitness: Witness = { at: 0, complete: false, register: false };

export function witnessOf(observation: HostObservation): Witness {
  return {
    at: Date.parse(observation.at),
    complete: observation.hostdUp && observation.listing !== undefined && observation.running !== undefined,
    register: observation.registered !== undefined,
  };
}

/** The absence of a VM that this scan missed everywhere. A failed or partial scan adds nothing to it. */
export function missedBy(absence: Absence | undefined, witness: Witness): Absence | undefined {
  if (absence === undefined && !witness.complete) return undefined;
  const { scans, since } = absence ?? { scans: 0, since: undefined };
  // Five minutes must be of complete scans: an outage may end in the very restart that lists nothing.
  if (!witness.complete) return { scans, since: undefined };
  return { scans: witness.register ? scans + 1 : scans, since: since ?? witness.at };
}

/** Must be asked with the witness that `absence` was last told of. */
export function isGone(absence: Absence, witness: Witness): boolean {
  if (!witness.complete) return false;
  if (witness.register) return absence.scans >= scansWithRegister;
  return absence.since !== undefined && witness.at - absence.since >= withoutRegisterMs;
}
