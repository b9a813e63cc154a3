/** Looking guests up: by id, by their word in a .vmx, by what a release knows. */
import type { Random } from "../random.ts";
import type { EsxiVersion } from "../words.ts";
import { esxiVersions } from "../words.ts";
import type { Guest } from "./guest-table.ts";
import { guests } from "./guest-table.ts";

export function guestFullName(guestId: string): string {
  return guests.find((guest) => guest.id === guestId)?.fullName ?? `Other (${guestId})`;
}

/** The word for it in a .vmx. */
export function vmxNameOf(guestId: string): string {
  return guests.find((guest) => guest.id === guestId)?.vmxName ?? guestId.replace(/Guest$/, "");
}

/** Hosts take either case of a .vmx's word. Undefined: this release does not know it. */
export function guestByVmxName(vmxName: string, version: EsxiVersion): Guest | undefined {
  return guestsOf(version).find((guest) => guest.vmxName === vmxName.toLowerCase());
}

export function guestsOf(version: EsxiVersion): readonly Guest[] {
  const release = esxiVersions.indexOf(version);
  return guests.filter((guest) => esxiVersions.indexOf(guest.since) <= release);
}

/** What fleets are made of. Their order is part of what a seed gives. */
const common = [
  "ubuntu64Guest",
  "debian11_64Guest",
  "rockylinux_64Guest",
  "centos7_64Guest",
  "windows2019srv_64Guest",
  "windows9_64Guest",
  "freebsd13_64Guest",
  "other5xLinux64Guest",
] as const;

export function pickGuest(random: Random): string {
  return random.pick(common);
}
