/**
 * `vim.vm.ConfigOption`, as `solo/querycfgopt` prints it: what VMs of the host's own hardware version may be. No capture of it exists:
 * the fields are those of the API, the form is that of other dumps, the recommendations are plausible for the guest.
 */

import { esxiVersions } from "../words.ts";
import type { Guest } from "../world/guest-table.ts";
import { guestsOf } from "../world/guests.ts";
import type { World } from "../world/world.ts";
import type { DumpValue } from "./dump.ts";
import { array, bool, num, object, text, unset } from "./dump.ts";

export function configOption(world: World): DumpValue {
  const { release } = world;
  const known = guestsOf(release.version);
  return object("vim.vm.ConfigOption", [
    ["version", text(release.hardware)],
    ["description", text(`ESXi ${release.version.replace(/\.\d+$/, "")} virtual machine`)],
    [
      "guestOSDescriptor",
      array(
        "vim.vm.GuestOsDescriptor",
        known.map((guest) => descriptor(guest, world)),
      ),
    ],
    ["guestOSDefaultIndex", num(known.findIndex((guest) => guest.id === "otherGuest"))],
    ["supportedMonitorType", array("string", [text("release"), text("debug"), text("stats")])],
    ["supportedOvfEnvironmentTransport", unset],
    ["supportedOvfInstallTransport", unset],
  ]);
}

function descriptor(guest: Guest, { release, hardware }: World): DumpValue {
  const advice = adviceFor(guest);
  const is64Bit = /64/.test(guest.id);
  const cpus = is64Bit ? Math.max(64, hardware.threads) : 8;
  return object("vim.vm.GuestOsDescriptor", [
    ["id", text(guest.id)],
    ["family", text(guest.family)],
    ["fullName", text(guest.fullName)],
    ["supportedMaxCPUs", num(cpus)],
    ["numSupportedPhysicalSockets", num(cpus)],
    ["numSupportedCoresPerSocket", num(cpus)],
    ["supportedMinMemMB", num(4)],
    ["supportedMaxMemMB", num(is64Bit ? 1_048_576 : 65_536)],
    ["recommendedMemMB", num(advice.memoryMb)],
    ["recommendedColorDepth", num(32)],
    ["supportedDiskControllerList", strings(controllersOf(release.version), deviceType)],
    ["recommendedSCSIController", text(deviceType(advice.scsi))],
    ["recommendedDiskController", text(deviceType(advice.disk))],
    ["supportedNumDisks", num(256)],
    ["recommendedDiskSizeMB", num(advice.diskMb)],
    [
      "recommendedCdromController",
      text(deviceType(advice.isModern ? "VirtualAHCIController" : "VirtualIDEController")),
    ],
    ["supportedEthernetCard", strings(["VirtualE1000", "VirtualE1000e", "VirtualVmxnet3"], deviceType)],
    ["recommendedEthernetCard", text(deviceType(advice.ethernet))],
    ["supportsSlaveDisk", bool(true)],
    ["supportedUSBControllerList", strings(["VirtualUSBController", "VirtualUSBXHCIController"], deviceType)],
    ["recommendedUSBController", text(deviceType("VirtualUSBXHCIController"))],
    ["supports3D", bool(guest.family === "windowsGuest")],
    ["supportedFirmware", strings(["bios", "efi"], (each) => each)],
    ["recommendedFirmware", text(advice.firmware)],
    ...(hasSecureBoot(release.version) ? [["supportsSecureBoot", bool(advice.firmware === "efi")] as const] : []),
    ["numRecommendedPhysicalSockets", num(1)],
    ["numRecommendedCoresPerSocket", num(1)],
  ]);
}

function strings(values: readonly string[], write: (value: string) => string): DumpValue {
  return array(
    "string",
    values.map((value) => text(write(value))),
  );
}

function deviceType(name: string): string {
  return `vim.vm.device.${name}`;
}

function controllersOf(version: Guest["since"]): string[] {
  const old = ["VirtualBusLogicController", "VirtualLsiLogicController", "VirtualLsiLogicSASController"];
  const always = [...old, "ParaVirtualSCSIController", "VirtualIDEController", "VirtualAHCIController"];
  return isFrom(version, "6.5.0") ? [...always, "VirtualNVMEController"] : always;
}

function hasSecureBoot(version: Guest["since"]): boolean {
  return isFrom(version, "6.5.0");
}

function isFrom(version: Guest["since"], first: Guest["since"]): boolean {
  return esxiVersions.indexOf(version) >= esxiVersions.indexOf(first);
}

interface Advice {
  readonly isModern: boolean;
  readonly scsi: string;
  readonly disk: string;
  readonly ethernet: string;
  readonly firmware: "bios" | "efi";
  readonly memoryMb: number;
  readonly diskMb: number;
}

/** Old guests know no paravirtual devices; Windows brings no driver for them on its own medium. */
function adviceFor(guest: Guest): Advice {
  const isModern = isFrom(guest.since, "6.0.0");
  if (guest.family === "windowsGuest") {
    const ethernet = isModern ? "VirtualE1000e" : "VirtualE1000";
    const disk = isFrom(guest.since, "8.0.1") ? "VirtualNVMEController" : "VirtualLsiLogicSASController";
    const sizes = { memoryMb: 4096, diskMb: 49_152 };
    return {
      isModern,
      scsi: "VirtualLsiLogicSASController",
      disk,
      ethernet,
      firmware: isModern ? "efi" : "bios",
      ...sizes,
    };
  }
  const isLinux = guest.family === "linuxGuest" && /64/.test(guest.id);
  const scsi = isLinux ? "ParaVirtualSCSIController" : "VirtualLsiLogicController";
  return {
    isModern,
    scsi,
    disk: scsi,
    ethernet: isLinux ? "VirtualVmxnet3" : "VirtualE1000",
    firmware: isFrom(guest.since, "7.0.3") && isLinux ? "efi" : "bios",
    memoryMb: isLinux ? 2048 : 1024,
    diskMb: 16_384,
  };
}
