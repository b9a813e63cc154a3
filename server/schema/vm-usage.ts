import type { Vm, VmId, VmUsage } from "../model.ts";
import { builder } from "./builder.ts";
import { live } from "./live.ts";
import { uptimeSeconds } from "./uptime.ts";
import { VmFilterInput, vmFilter } from "./vm-filter.ts";
import { VmType } from "./vm-type.ts";

interface VmReading {
  readonly vm: Vm;
  readonly usage: VmUsage;
}

const VmUsageType = builder.objectRef<VmReading>("VmUsage").implement({
  description: "A VM's readings, which move all the time. What could not be read is null.",
  fields: (t) => ({
    vmId: t.id({ description: "Id of the VM.", resolve: ({ vm }) => vm.id }),
    vm: t.field({ type: VmType, description: "The VM.", resolve: ({ vm }) => vm }),
    observedAt: t.field({
      type: "DateTime",
      description: "When they were read.",
      resolve: ({ usage }) => usage.observedAt,
    }),
    overallCpuUsageMhz: t.int({
      nullable: true,
      description: "CPU in use, in MHz.",
      resolve: ({ usage }) => usage.overallCpuUsageMhz,
    }),
    guestMemoryUsageMb: t.int({
      nullable: true,
      description: "Memory the guest actively uses, in MB.",
      resolve: ({ usage }) => usage.guestMemoryUsageMb,
    }),
    hostMemoryUsageMb: t.int({
      nullable: true,
      description: "Memory of the host the VM takes, in MB.",
      resolve: ({ usage }) => usage.hostMemoryUsageMb,
    }),
    storageCommittedBytes: t.field({
      type: "ByteSize",
      nullable: true,
      description: "Storage its files take.",
      resolve: ({ usage }) => usage.storageCommittedBytes,
    }),
    storageUncommittedBytes: t.field({
      type: "ByteSize",
      nullable: true,
      description: "Storage its thin disks may yet grow by.",
      resolve: ({ usage }) => usage.storageUncommittedBytes,
    }),
    uptimeSeconds: t.int({
      nullable: true,
      description: "Seconds it has been running. Null when off.",
      resolve: ({ vm, usage }, _, { clock }) => uptimeSeconds(vm, usage, clock.now()),
    }),
  }),
});

const VmUsageChange = builder.objectRef<readonly VmId[]>("VmUsageChange").implement({
  description: "VMs that were read again.",
  fields: (t) => ({
    usages: t.field({
      type: [VmUsageType],
      description: "Their new readings.",
      resolve: (ids, _, { inventory }) =>
        ids.flatMap((id) => {
          const vm = inventory.vm(id);
          const usage = inventory.usage(id);
          return vm && usage ? [{ vm, usage }] : [];
        }),
    }),
  }),
});

builder.subscriptionField("vmUsageChanged", (t) =>
  t.field({
    type: VmUsageChange,
    description: "CPU, memory, storage and uptime of VMs, once per scan of their node.",
    args: { filter: t.arg({ type: VmFilterInput, description: "Of which VMs. Default: all." }) },
    subscribe: (_, args, { inventory }) => live((signal) => inventory.watchUsage(vmFilter(args.filter), signal)),
    resolve: (ids) => ids,
  }),
);
