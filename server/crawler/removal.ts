/**
 * When a VM that is not seen any more is gone. hostd lists nothing, or half, for a while after its restart, so one scan
 * proves nothing, and only scans that showed everything count.
 */
import type { HostObservation } from "../esxi/driver.ts";
import { pathBelowVolume } from "./canonical-path.ts";

/** Where vmInventory.xml can't be read: for how long, in ms, and in how many complete scans a VM must be missed. */
const withoutRegister = { forMs: 300_000, scans: 5 };
/** Where it makes no sense, by itself or beside the listing: what damaged it may have damaged the lists as well. */
const withDamagedRegister = { forMs: 300_000, scans: 30 };
const scansWithRegister = 2;

export interface Absence {
  /** Complete scans in a row, vmInventory.xml among them, that missed the VM. */
  readonly scans: number;
  /** ms; the first complete scan that missed it with no failed or partial one since. */
  readonly since: number | undefined;
  /** How many complete scans that is, with and without vmInventory.xml. */
  readonly inARow: number;
}

/** How much a scan can say about what is not there. `at` in ms. */
export interface Witness {
  readonly at: number;
  /** The listing and the list of running VMs were both had, from a hostd that answers. */
  readonly complete: boolean;
  /** Was vmInventory.xml read, could it not be had, or did it make no sense, such as by naming other paths than hostd. */
  readonly register: "read" | "absent" | "damaged";
}

export const noWitness: Witness = { at: 0, complete: false, register: "absent" };

export function witnessOf(observation: HostObservation): Witness {
  return {
    at: Date.parse(observation.at),
    complete: observation.hostdUp && observation.listing !== undefined && observation.running !== undefined,
    register: registerOf(observation),
  };
}

function registerOf({ listing, registered, registerIsDamaged }: HostObservation): Witness["register"] {
  if (registered === undefined) return registerIsDamaged === true ? "damaged" : "absent";
  const contradicts = (listing?.vms ?? []).some(({ vmid, datastorePath }) => {
    const path = registered.get(vmid);
    return path !== undefined && datastorePath?.endsWith(` ${pathBelowVolume(path)}`) === false;
  });
  return contradicts ? "damaged" : "read";
}

/** The absence of a VM that this scan missed everywhere. A failed or partial scan adds nothing to it. */
export function missedBy(absence: Absence | undefined, witness: Witness): Absence | undefined {
  if (absence === undefined && !witness.complete) return undefined;
  const { scans, since, inARow } = absence ?? { scans: 0, since: undefined, inARow: 0 };
  // Five minutes must be of complete scans: an outage may end in the very restart that lists nothing.
  if (!witness.complete) return { scans, since: undefined, inARow: 0 };
  return {
    scans: witness.register === "read" ? scans + 1 : scans,
    since: since ?? witness.at,
    inARow: inARow + 1,
  };
}

/** Must be asked with the witness that `absence` was last told of. */
export function isGone(absence: Absence, witness: Witness): boolean {
  if (!witness.complete) return false;
  if (witness.register === "read") return absence.scans >= scansWithRegister;
  const needed = witness.register === "absent" ? withoutRegister : withDamagedRegister;
  const isLong = absence.since !== undefined && witness.at - absence.since >= needed.forMs;
  return isLong && absence.inARow >= needed.scans;
}
