import type { NodeStatus } from "../model.ts";
import { builder } from "./builder.ts";
import { describedEnum } from "./described-enum.ts";
import { allocatedCpus, nodeExceeds, vmCounts } from "./node-load.ts";
import {
  CreationDefaultsType,
  DatastoreType,
  GuestSystemType,
  IsoImageType,
  LastScanType,
  PortGroupType,
  VmCountsType,
} from "./node-parts.ts";
import { NodeType } from "./node-type.ts";
import { NodeThresholdsType, ThresholdsType } from "./thresholds.ts";

export const NodeStatusEnum = describedEnum<NodeStatus>("NodeStatus", "How a node is doing.", {
  PENDING: "Not looked at yet.",
  ONLINE: "All is well.",
  DEGRADED:
    "It answers, but not fully: its management agent is down, its output was damaged, or some VMs can't be read.",
  UNREACHABLE: "It does not answer.",
  AUTH_FAILED:
    "It refused our credentials. No further attempt is made until they change or a person calls `refreshNode`.",
  HOST_KEY_UNKNOWN: "Its host key is neither pinned nor in known_hosts, so nothing was sent to it.",
  HOST_KEY_MISMATCH: "Its host key is another one than the pinned or known one, so nothing was sent to it.",
  DISABLED: "Switched off in hosts.yml.",
});

builder.objectFields(NodeType, (t) => ({
  name: t.exposeString("name", { description: "Its key in hosts.yml." }),
  address: t.exposeString("address", { description: "Host name or IP address under which it is reached." }),
  labels: t.exposeStringList("labels", { description: "Its labels in hosts.yml, to filter by." }),
  status: t.field({ type: NodeStatusEnum, description: "How it is doing.", resolve: (node) => node.status }),
  statusMessage: t.exposeString("statusMessage", {
    nullable: true,
    description: "What happened and what to do about it; null when all is well.",
  }),
  statusSince: t.expose("statusSince", { type: "DateTime", description: "Since when it has this status." }),
  lastSeenAt: t.field({
    type: "DateTime",
    nullable: true,
    description: "When it last answered anything.",
    resolve: (node, _, { inventory }) => inventory.pulse(node.name)?.lastSeenAt,
  }),
  lastScan: t.field({
    type: LastScanType,
    nullable: true,
    description: "The last complete look at it.",
    resolve: (node, _, { inventory }) => inventory.pulse(node.name)?.lastScan,
  }),
  version: t.exposeString("version", { nullable: true, description: "ESXi version, such as `8.0.1`." }),
  build: t.exposeString("build", { nullable: true, description: "ESXi build number, such as `21813344`." }),
  defaults: t.field({
    type: CreationDefaultsType,
    description: "What hosts.yml gives for the creation of VMs.",
    resolve: (node) => node.defaults,
  }),
}));

builder.objectFields(NodeType, (t) => ({
  cpuModel: t.string({
    nullable: true,
    description: "The processor, as it names itself.",
    resolve: (node) => node.hardware?.cpuModel,
  }),
  cpuPackages: t.int({
    nullable: true,
    description: "Number of processor sockets in use.",
    resolve: (node) => node.hardware?.cpuPackages,
  }),
  cpuCores: t.int({
    nullable: true,
    description: "Number of physical cores.",
    resolve: (node) => node.hardware?.cpuCores,
  }),
  cpuThreads: t.int({
    nullable: true,
    description: "Number of hardware threads.",
    resolve: (node) => node.hardware?.cpuThreads,
  }),
  cpuMhz: t.int({
    nullable: true,
    description: "Speed of one core in MHz.",
    resolve: (node) => node.hardware?.cpuMhz,
  }),
  cpuCapacityMhz: t.int({
    nullable: true,
    description: "All physical cores together, in MHz.",
    resolve: ({ hardware }) => hardware && hardware.cpuCores * hardware.cpuMhz,
  }),
  cpuUsageMhz: t.int({
    nullable: true,
    description: "CPU in use, in MHz, when last read.",
    resolve: (node, _, { inventory }) => inventory.pulse(node.name)?.cpuUsageMhz,
  }),
  allocatedCpus: t.int({
    description: "Virtual CPUs of its powered-on VMs.",
    resolve: (node, _, { inventory }) => allocatedCpus(inventory.vmsOf(node.name)),
  }),
  memoryBytes: t.field({
    type: "ByteSize",
    nullable: true,
    description: "Physical memory.",
    resolve: (node) => node.hardware?.memoryBytes,
  }),
  memoryUsageBytes: t.field({
    type: "ByteSize",
    nullable: true,
    description: "Physical memory in use, when last read.",
    resolve: (node, _, { inventory }) => inventory.pulse(node.name)?.memoryUsageBytes,
  }),
}));

builder.objectFields(NodeType, (t) => ({
  datastores: t.field({
    type: [DatastoreType],
    description: "Its datastores.",
    resolve: (node) => node.datastores,
  }),
  portGroups: t.field({
    type: [PortGroupType],
    description: "Its port groups.",
    resolve: (node) => node.portGroups,
  }),
  isoImages: t.field({
    type: [IsoImageType],
    description: "The installation images found on it; looked for rarely.",
    resolve: (node) => node.isoImages,
  }),
  hardwareVersion: t.exposeString("hardwareVersion", {
    nullable: true,
    description: "The newest virtual hardware that it runs, such as `vmx-20`; null where it did not tell.",
  }),
  guestSystems: t.field({
    type: [GuestSystemType],
    description: "The guest operating systems it knows, to choose from in `createVm`; empty where it did not tell.",
    resolve: (node) => node.guestSystems,
  }),
  vmCounts: t.field({
    type: VmCountsType,
    description: "How many VMs it has, by power state.",
    resolve: (node, _, { inventory }) => vmCounts(inventory.vmsOf(node.name)),
  }),
  thresholds: t.field({
    type: ThresholdsType,
    description: "The limits that hold for it and its VMs.",
    resolve: (node) => node,
  }),
  exceedsThreshold: t.field({
    type: NodeThresholdsType,
    description: "Which of its limits it reaches or exceeds.",
    resolve: (node, _, { inventory }) => nodeExceeds(node, inventory.vmsOf(node.name), inventory.pulse(node.name)),
  }),
}));
