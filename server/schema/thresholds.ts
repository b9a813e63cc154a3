/** The limits from which on a VM or node is marked, and the marks. At a limit counts as above it. */
import type { NodeThresholds, VmExceeds, VmThresholds } from "../model.ts";
import { builder } from "./builder.ts";
import type { NodeExceeds } from "./node-load.ts";

interface Limits {
  readonly vmThresholds: VmThresholds;
  readonly nodeThresholds: NodeThresholds;
}

export const VmThresholdsType = builder.objectRef<VmExceeds>("VmThresholds").implement({
  description: "Which limits a VM reaches or exceeds: true at the limit and above it.",
  fields: (t) => ({
    cpu: t.exposeBoolean("cpu", { description: "Its number of virtual CPUs." }),
    ram: t.exposeBoolean("ram", { description: "Its configured memory." }),
    storage: t.exposeBoolean("storage", {
      description: "Its committed storage. (The predecessor of ECoMan marked storage only above the limit.)",
    }),
    any: t.boolean({
      description: "At least one of the others.",
      resolve: (exceeds) => exceeds.cpu || exceeds.ram || exceeds.storage,
    }),
  }),
});

export const NodeThresholdsType = builder.objectRef<NodeExceeds>("NodeThresholds").implement({
  description: "Which limits a node reaches or exceeds: true at the limit and above it, false while not known.",
  fields: (t) => ({
    cpu: t.exposeBoolean("cpu", { description: "Virtual CPUs of powered-on VMs per physical core." }),
    memory: t.exposeBoolean("memory", { description: "Percent of physical memory in use." }),
    storage: t.exposeBoolean("storage", { description: "Percent used of the fullest mounted datastore." }),
    any: t.boolean({
      description: "At least one of the others.",
      resolve: (exceeds) => exceeds.cpu || exceeds.memory || exceeds.storage,
    }),
  }),
});

const VmLimits = builder.objectRef<VmThresholds>("VmLimits").implement({
  description: "From when on a VM is marked.",
  fields: (t) => ({
    cpu: t.exposeInt("cpu", { description: "Virtual CPUs." }),
    ramMb: t.exposeInt("ramMb", { description: "Configured memory in MB." }),
    storageGb: t.exposeFloat("storageGb", { description: "Committed storage in decimal GB (10^9 bytes)." }),
  }),
});

const NodeLimits = builder.objectRef<NodeThresholds>("NodeLimits").implement({
  description: "From when on a node is marked.",
  fields: (t) => ({
    cpuRatio: t.exposeFloat("cpuRatio", { description: "Virtual CPUs of powered-on VMs per physical core." }),
    memoryPercent: t.exposeFloat("memoryPercent", { description: "Percent of physical memory in use." }),
    storagePercent: t.exposeFloat("storagePercent", { description: "Percent used of the fullest datastore." }),
  }),
});

export const ThresholdsType = builder.objectRef<Limits>("Thresholds").implement({
  description: "The limits in force.",
  fields: (t) => ({
    vm: t.field({ type: VmLimits, description: "For VMs.", resolve: (limits) => limits.vmThresholds }),
    node: t.field({ type: NodeLimits, description: "For nodes.", resolve: (limits) => limits.nodeThresholds }),
  }),
});

builder.queryField("thresholds", (t) =>
  t.field({
    type: ThresholdsType,
    description: "The limits that hold for every node without ones of its own.",
    resolve: (_, __, context) => context.serverInfo,
  }),
);
