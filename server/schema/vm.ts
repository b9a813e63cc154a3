import { AppError } from "../errors.ts";
import { builder } from "./builder.ts";
import { NodeType } from "./node-type.ts";
import { VmThresholdsType } from "./thresholds.ts";
import { uptimeSeconds } from "./uptime.ts";
import { VmQuestionType } from "./vm-question.ts";
import { ConnectionStateEnum, OverallStatusEnum, PowerStateEnum } from "./vm-states.ts";
import { VmType } from "./vm-type.ts";

builder.objectFields(VmType, (t) => ({
  id: t.exposeID("id", {
    description: "Opaque and stable: it survives a re-registration of the VM under another vmid.",
  }),
  node: t.field({
    type: NodeType,
    description: "The ESXi host the VM is registered on.",
    resolve: (vm, _, { inventory }) => {
      const node = inventory.node(vm.node);
      if (node === undefined) throw new AppError("NOT_FOUND", `Node ${vm.node} has just been removed.`);
      return node;
    },
  }),
  vmid: t.exposeInt("vmid", { description: "The host's present handle of the VM. It changes; never use it as an id." }),
  name: t.exposeString("name", { description: "Its display name on the host. Several VMs may share one." }),
  comment: t.exposeString("comment", { nullable: true, description: "The VM's annotation on the host." }),
  observedAt: t.field({
    type: "DateTime",
    nullable: true,
    description: "When this VM's values were last read; null while it is only listed.",
    resolve: (vm, _, { inventory }) => inventory.usage(vm.id)?.observedAt,
  }),
  stale: t.exposeBoolean("stale", {
    description: "The last attempt to look at this VM failed: what is shown is its last known state.",
  }),
  readError: t.exposeString("readError", {
    nullable: true,
    description: "Why the VM can't be read now; its other fields are then the last known ones.",
  }),
  exceedsThreshold: t.field({
    type: VmThresholdsType,
    description: "Which of its node's limits the VM reaches or exceeds.",
    resolve: (vm) => vm.exceeds,
  }),
}));

builder.objectFields(VmType, (t) => ({
  powerState: t.field({ type: PowerStateEnum, description: "Whether it runs.", resolve: (vm) => vm.powerState }),
  connectionState: t.field({
    type: ConnectionStateEnum,
    description: "Whether the host can reach the VM's files.",
    resolve: (vm) => vm.connectionState,
  }),
  overallStatus: t.field({
    type: OverallStatusEnum,
    nullable: true,
    description: "The host's own verdict.",
    resolve: (vm) => vm.overallStatus,
  }),
  question: t.field({
    type: VmQuestionType,
    nullable: true,
    description: "What the VM asks and waits for; until it is answered the VM does not go on.",
    resolve: (vm) => vm.question,
  }),
  bootTime: t.field({
    type: "DateTime",
    nullable: true,
    description: "When it was powered on, by the host's clock. A reset does not move it.",
    resolve: (vm) => vm.bootTime,
  }),
  uptimeSeconds: t.int({
    nullable: true,
    description: "Seconds it has been running: as read, plus the time since unless the VM is stale. Null when off.",
    resolve: (vm, _, { inventory, clock }) => uptimeSeconds(vm, inventory.usage(vm.id), clock.now()),
  }),
}));

builder.objectFields(VmType, (t) => ({
  toolsStatus: t.exposeString("toolsStatus", {
    nullable: true,
    description: "VMware Tools as the host prints it: `toolsOk`, `toolsOld`, `toolsNotRunning`, `toolsNotInstalled`.",
  }),
  toolsRunningStatus: t.exposeString("toolsRunningStatus", {
    nullable: true,
    description: "As the host prints it: `guestToolsRunning`, `guestToolsNotRunning`, `guestToolsExecutingScripts`.",
  }),
  hostname: t.exposeString("hostname", { nullable: true, description: "The guest's host name, by VMware Tools." }),
  ipAddress: t.exposeString("ipAddress", {
    nullable: true,
    description: "The guest's primary IP address, by VMware Tools.",
  }),
  guestId: t.exposeString("guestId", {
    nullable: true,
    description: "Configured guest system, such as `debian12_64Guest`.",
  }),
  guestFullName: t.exposeString("guestFullName", {
    nullable: true,
    description: "Configured guest system, in words.",
  }),
  memorySizeMb: t.exposeInt("memorySizeMb", { nullable: true, description: "Configured memory in MB." }),
  numCpu: t.exposeInt("numCpu", { nullable: true, description: "Number of virtual CPUs." }),
  numEthernetCards: t.exposeInt("numEthernetCards", { nullable: true, description: "Number of network cards." }),
  numVirtualDisks: t.exposeInt("numVirtualDisks", { nullable: true, description: "Number of virtual disks." }),
  uuid: t.exposeString("uuid", { nullable: true, description: "BIOS UUID; copied VMs may share it." }),
  instanceUuid: t.exposeString("instanceUuid", { nullable: true, description: "UUID of this VM on its host." }),
  hardwareVersion: t.exposeString("hardwareVersion", {
    nullable: true,
    description: "Virtual hardware, such as `vmx-19`.",
  }),
  consolidationNeeded: t.exposeBoolean("consolidationNeeded", {
    nullable: true,
    description: "Do its disks wait for a consolidation after snapshots?",
  }),
  datastore: t.exposeString("datastore", {
    nullable: true,
    description: "Name of the datastore that holds its configuration file.",
  }),
  datastorePath: t.exposeString("datastorePath", {
    nullable: true,
    description: "Its configuration file as `[datastore] folder/file.vmx`.",
  }),
}));

builder.objectFields(VmType, (t) => ({
  overallCpuUsageMhz: t.int({
    nullable: true,
    description: "CPU in use, in MHz, when last read.",
    resolve: (vm, _, { inventory }) => inventory.usage(vm.id)?.overallCpuUsageMhz,
  }),
  guestMemoryUsageMb: t.int({
    nullable: true,
    description: "Memory the guest actively uses, in MB, when last read.",
    resolve: (vm, _, { inventory }) => inventory.usage(vm.id)?.guestMemoryUsageMb,
  }),
  hostMemoryUsageMb: t.int({
    nullable: true,
    description: "Memory of the host the VM takes, in MB, when last read.",
    resolve: (vm, _, { inventory }) => inventory.usage(vm.id)?.hostMemoryUsageMb,
  }),
  storageCommittedBytes: t.field({
    type: "ByteSize",
    nullable: true,
    description: "Storage its files take, when last read.",
    resolve: (vm, _, { inventory }) => inventory.usage(vm.id)?.storageCommittedBytes,
  }),
  storageUncommittedBytes: t.field({
    type: "ByteSize",
    nullable: true,
    description: "Storage its thin disks may yet grow by, when last read.",
    resolve: (vm, _, { inventory }) => inventory.usage(vm.id)?.storageUncommittedBytes,
  }),
}));
