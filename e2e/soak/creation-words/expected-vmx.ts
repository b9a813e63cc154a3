/** What a .vmx file must say for an order, and nothing besides. Written from the format's description, not from the writer. */
import type { VmBlueprint } from "../../../server/esxi/creation.ts";
import { guestSystems } from "./draw-order.ts";

/** Name in lower case → value. */
export function expectedVmx(blueprint: VmBlueprint): Readonly<Record<string, string>> {
  const { name, hardwareVersion } = blueprint;
  return {
    ...constant,
    ...bridges,
    "virtualhw.version": `${hardwareVersion}`,
    displayname: name,
    ...(blueprint.comment === "" ? {} : { annotation: blueprint.comment }),
    guestos: guestSystems.get(blueprint.guestId) ?? "",
    firmware: { BIOS: "bios", EFI: "efi" }[blueprint.firmware],
    nvram: `${name}.nvram`,
    numvcpus: `${blueprint.numCpu}`,
    memsize: `${blueprint.memorySizeMb}`,
    "scsi0.virtualdev": blueprint.diskController,
    "scsi0:0.filename": `${name}.vmdk`,
    "ethernet0.virtualdev": blueprint.ethernetCard,
    "ethernet0.networkname": blueprint.portGroup,
    ...cdrom(blueprint),
  };
}

const constant = {
  ".encoding": "UTF-8",
  "config.version": "8",
  "scsi0.present": "TRUE",
  "scsi0:0.present": "TRUE",
  "scsi0:0.devicetype": "scsi-hardDisk",
  "ethernet0.present": "TRUE",
  "ethernet0.addresstype": "generated",
  "ethernet0.startconnected": "TRUE",
  "vmci0.present": "TRUE",
  "hpet0.present": "TRUE",
  "floppy0.present": "FALSE",
  "tools.synctime": "FALSE",
  "powertype.poweroff": "default",
  "powertype.reset": "default",
  "powertype.suspend": "soft",
};

const bridges = Object.fromEntries([
  ["pcibridge0.present", "TRUE"],
  ...["4", "5", "6", "7"].flatMap((number) => [
    [`pcibridge${number}.present`, "TRUE"],
    [`pcibridge${number}.virtualdev`, "pcieRootPort"],
    [`pcibridge${number}.functions`, "8"],
  ]),
]);

/** Before hardware version 10 there is no SATA. */
function cdrom({ isoPath, hardwareVersion }: VmBlueprint): Readonly<Record<string, string>> {
  if (isoPath === null) return {};
  const drive = hardwareVersion < 10 ? "ide1:0" : "sata0:0";
  return {
    ...(hardwareVersion < 10 ? {} : { "sata0.present": "TRUE" }),
    [`${drive}.present`]: "TRUE",
    [`${drive}.devicetype`]: "cdrom-image",
    [`${drive}.filename`]: isoPath,
    [`${drive}.startconnected`]: "TRUE",
  };
}
