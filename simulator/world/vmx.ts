/** What a .vmx means: how it shows in a VM, and which disks it names. */
import { posix } from "node:path";
import type { Guest } from "./guest-table.ts";
import { guests } from "./guest-table.ts";
import { guestFullName } from "./guests.ts";
import type { Vm } from "./vm.ts";
import { folderPathOf } from "./vm.ts";

export type VmxEntries = ReadonlyMap<string, string>;

/** What of the file shows in a VM. A key that is missing changes nothing. */
export function applyVmx(vm: Vm, entries: VmxEntries): void {
  vm.name = entries.get("displayname") ?? vm.name;
  vm.note = entries.get("annotation") ?? vm.note;
  vm.numCpu = Number(entries.get("numvcpus") ?? vm.numCpu);
  vm.memoryMb = Number(entries.get("memsize") ?? vm.memoryMb);
  const guest = entries.get("guestos");
  if (guest !== undefined) vm.guestId = guestOf(guest)?.id ?? `${guest.replaceAll("-", "_")}Guest`;
  vm.guestFullName = guestFullName(vm.guestId);
  const hardware = entries.get("virtualhw.version");
  if (hardware !== undefined) vm.hardwareVersion = `vmx-${hardware.padStart(2, "0")}`;
  vm.uuid = uuidOf(entries.get("uuid.bios")) ?? vm.uuid;
  vm.instanceUuid = uuidOf(entries.get("vc.uuid")) ?? vm.instanceUuid;
  vm.numNics = networkCardsOf(entries);
  vm.disks = diskPathsOf(vm, entries);
}

function guestOf(vmxName: string): Guest | undefined {
  return guests.find((guest) => guest.vmxName === vmxName.toLowerCase());
}

function networkCardsOf(entries: VmxEntries): number {
  return [...entries].filter(([name, value]) => /^ethernet\d+\.present$/.test(name) && isTrue(value)).length;
}

/** As the file names them: relative to its folder, or absolute. */
function diskFilesOf(entries: VmxEntries): string[] {
  return [...entries.keys()].flatMap((name) => {
    const device = /^((?:scsi|sata|nvme|ide)\d+:\d+)\.filename$/.exec(name)?.[1];
    const file = entries.get(name) ?? "";
    if (device === undefined || !file.endsWith(".vmdk") || !isTrue(entries.get(`${device}.present`))) return [];
    return /^cdrom/i.test(entries.get(`${device}.devicetype`) ?? "") ? [] : [file];
  });
}

/** Absolute paths of the disks' descriptors. */
function diskPathsOf(vm: Vm, entries: VmxEntries): string[] {
  return diskFilesOf(entries).map((file) => posix.resolve(folderPathOf(vm), file));
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}

function uuidOf(spaced: string | undefined): string | undefined {
  const hex = spaced?.replaceAll(/[^0-9a-fA-F]/g, "").toLowerCase();
  if (hex === undefined || hex.length !== 32) return undefined;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
