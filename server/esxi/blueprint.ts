/** What a blueprint says, in the words of a .vmx file. */
import type { VmBlueprint } from "./creation.ts";
import { guestOsOf } from "./guest-os.ts";
import type { VmxEntry } from "./vmx.ts";

/** Virtual hardware before this has no SATA controller. */
const firstWithSata = 10;

/** The key order is that in which people look for things. */
export function vmxEntries(blueprint: VmBlueprint): readonly VmxEntry[] {
  return [
    ...headOf(blueprint),
    ...pciBridges,
    ...diskOf(blueprint),
    ...cdromOf(blueprint),
    ...networkOf(blueprint),
    ["vmci0.present", "TRUE"],
    ["hpet0.present", "TRUE"],
    ["floppy0.present", "FALSE"],
    ["tools.syncTime", "FALSE"],
    ["powerType.powerOff", "default"],
    ["powerType.reset", "default"],
    ["powerType.suspend", "soft"],
  ];
}

function headOf(blueprint: VmBlueprint): readonly VmxEntry[] {
  const { name, comment, guestId, firmware } = blueprint;
  return [
    [".encoding", "UTF-8"],
    ["config.version", "8"],
    ["virtualHW.version", String(blueprint.hardwareVersion)],
    ["displayName", name],
    ...(comment === "" ? [] : [["annotation", comment] as const]),
    ["guestOS", guestOsOf(guestId)],
    ["firmware", firmware.toLowerCase()],
    ["nvram", `${name}.nvram`],
    ["numvcpus", String(blueprint.numCpu)],
    ["memSize", String(blueprint.memorySizeMb)],
  ];
}

/** Without these there is no slot for the controllers ("No PCIe slot available for SCSI0", captured). */
const pciBridges: readonly VmxEntry[] = [
  ["pciBridge0.present", "TRUE"],
  ...[4, 5, 6, 7].flatMap((number): readonly VmxEntry[] => [
    [`pciBridge${number}.present`, "TRUE"],
    [`pciBridge${number}.virtualDev`, "pcieRootPort"],
    [`pciBridge${number}.functions`, "8"],
  ]),
];

function diskOf({ name, diskController }: VmBlueprint): readonly VmxEntry[] {
  return [
    ["scsi0.present", "TRUE"],
    ["scsi0.virtualDev", diskController],
    ["scsi0:0.present", "TRUE"],
    ["scsi0:0.deviceType", "scsi-hardDisk"],
    ["scsi0:0.fileName", `${name}.vmdk`],
  ];
}

function cdromOf({ isoPath, hardwareVersion }: VmBlueprint): readonly VmxEntry[] {
  if (isoPath === null) return [];
  const hasSata = hardwareVersion >= firstWithSata;
  const drive = hasSata ? "sata0:0" : "ide1:0";
  return [
    ...(hasSata ? [["sata0.present", "TRUE"] as const] : []),
    [`${drive}.present`, "TRUE"],
    [`${drive}.deviceType`, "cdrom-image"],
    [`${drive}.fileName`, isoPath],
    [`${drive}.startConnected`, "TRUE"],
  ];
}

function networkOf({ portGroup, ethernetCard }: VmBlueprint): readonly VmxEntry[] {
  return [
    ["ethernet0.present", "TRUE"],
    ["ethernet0.virtualDev", ethernetCard],
    ["ethernet0.networkName", portGroup],
    ["ethernet0.addressType", "generated"],
    ["ethernet0.startConnected", "TRUE"],
  ];
}
