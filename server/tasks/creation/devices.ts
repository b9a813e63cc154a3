/** The virtual devices that a guest operating system has drivers for from the start. */
import type { DiskController, EthernetCard } from "../../esxi/creation.ts";
import type { Firmware, GuestSystem } from "../../model.ts";

export interface Devices {
  readonly diskController: DiskController;
  readonly ethernetCard: EthernetCard;
  readonly firmware: Firmware;
}

/** Paravirtual devices are in the kernel of every Linux since 2.6.33, and in ESXi itself. */
const paravirtual =
  /^(?:ubuntu|debian\d|rhel[6-9]|rhel1\d|centos|rocky|alma|oracleLinux[6-9]|fedora|opensuse|sles1|vmwarePhoton|vmkernel|otherLinux64|other[3-9]xLinux)/;
/** Windows' setup has drivers for the SAS controller, not for the parallel one. */
const windows = /^win/;
/** Windows 10 and Server 2016, and later. */
const windowsWithEfi = /^windows(?:9|1\d|20)/;

export function devicesFor({ id, firmware }: GuestSystem): Devices {
  const ofGuest = windowsWithEfi.test(id) ? "EFI" : "BIOS";
  if (windows.test(id)) return { diskController: "lsisas1068", ethernetCard: "e1000e", firmware: firmware ?? ofGuest };
  if (paravirtual.test(id)) return { diskController: "pvscsi", ethernetCard: "vmxnet3", firmware: firmware ?? "BIOS" };
  return { diskController: "lsilogic", ethernetCard: "e1000e", firmware: firmware ?? "BIOS" };
}
