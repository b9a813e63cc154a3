/** What a node consists of. */
import type { CreationDefaults, Datastore, Firmware, GuestSystem, IsoImage, LastScan, PortGroup } from "../model.ts";
import { builder } from "./builder.ts";
import { describedEnum } from "./described-enum.ts";
import { usedPercent, type VmCounts } from "./node-load.ts";

export const DatastoreType = builder.objectRef<Datastore>("Datastore").implement({
  description: "Storage of a node, on which VMs keep their files.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Its name on the host." }),
    uuid: t.exposeString("uuid", { description: "The volume's UUID." }),
    mountPoint: t.exposeString("mountPoint", { description: "Its path on the host, `/vmfs/volumes/UUID`." }),
    type: t.exposeString("type", { description: "As the host prints it: `VMFS-6`, `NFS` and the like." }),
    mounted: t.exposeBoolean("mounted", { description: "Is it mounted? Its sizes mean nothing otherwise." }),
    capacityBytes: t.expose("capacityBytes", { type: "ByteSize", description: "Its size." }),
    freeBytes: t.expose("freeBytes", { type: "ByteSize", description: "What is free of it." }),
    usedPercent: t.float({
      nullable: true,
      description: "Percent in use; null when it is not mounted.",
      resolve: usedPercent,
    }),
  }),
});

export const PortGroupType = builder.objectRef<PortGroup>("PortGroup").implement({
  description: "A network that network cards of VMs can be connected to.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Its name on the host." }),
    virtualSwitch: t.exposeString("virtualSwitch", { description: "The virtual switch it belongs to." }),
    vlanId: t.exposeInt("vlanId", { description: "VLAN; 0: none, 4095: all (trunk)." }),
  }),
});

export const IsoImageType = builder.objectRef<IsoImage>("IsoImage").implement({
  description: "An installation image on a node.",
  fields: (t) => ({
    path: t.exposeString("path", { description: "Its full path on the host." }),
    sizeBytes: t.expose("sizeBytes", { type: "ByteSize", nullable: true, description: "Its size." }),
  }),
});

export const FirmwareEnum = describedEnum<Firmware>("Firmware", "What a VM boots with.", {
  BIOS: "Legacy BIOS.",
  EFI: "UEFI, without secure boot.",
});

export const GuestSystemType = builder.objectRef<GuestSystem>("GuestSystem").implement({
  description: "A guest operating system that a node knows how to run.",
  fields: (t) => ({
    id: t.exposeString("id", { description: "For `guestId`, such as `debian12_64Guest`." }),
    fullName: t.exposeString("fullName", { description: "Its name, as the host gives it." }),
    firmware: t.field({
      type: FirmwareEnum,
      nullable: true,
      description: "What the host recommends for it; null where it recommends none.",
      resolve: ({ firmware }) => firmware,
    }),
  }),
});

export const CreationDefaultsType = builder.objectRef<CreationDefaults>("CreationDefaults").implement({
  description: "What hosts.yml gives for the creation of VMs on a node.",
  fields: (t) => ({
    datastorePath: t.exposeString("datastorePath", { nullable: true, description: "Where VMs are put." }),
    isoPath: t.exposeString("isoPath", { nullable: true, description: "The installation image." }),
    portGroup: t.exposeString("portGroup", { nullable: true, description: "The network." }),
  }),
});

export const LastScanType = builder.objectRef<LastScan>("LastScan").implement({
  description: "The last look at a node.",
  fields: (t) => ({
    at: t.expose("at", { type: "DateTime", description: "When it ended." }),
    durationMs: t.exposeInt("durationMs", { description: "How long it took, in milliseconds." }),
    vmsRead: t.exposeInt("vmsRead", { description: "How many VMs were read in full in it." }),
  }),
});

export const VmCountsType = builder.objectRef<VmCounts>("VmCounts").implement({
  description: "How many VMs a node has, by power state.",
  fields: (t) => ({
    on: t.exposeInt("on", { description: "Powered on." }),
    off: t.exposeInt("off", { description: "Powered off." }),
    suspended: t.exposeInt("suspended", { description: "Suspended." }),
    unknown: t.exposeInt("unknown", { description: "Not known." }),
    total: t.exposeInt("total", { description: "All of them." }),
  }),
});
