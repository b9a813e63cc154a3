/** What a node carries and which of its limits that reaches. Pure. */
import type { Datastore, Node, NodePulse, Vm } from "../model.ts";

export interface NodeExceeds {
  readonly cpu: boolean;
  readonly memory: boolean;
  readonly storage: boolean;
}

export interface VmCounts {
  readonly on: number;
  readonly off: number;
  readonly suspended: number;
  readonly unknown: number;
  readonly total: number;
}

export function nodeExceeds(node: Node, vms: readonly Vm[], pulse: NodePulse | undefined): NodeExceeds {
  const { hardware, nodeThresholds: limits } = node;
  const cpuRatio = hardware === null ? 0 : allocatedCpus(vms) / hardware.cpuCores;
  const memoryPercent = percent(pulse?.memoryUsageBytes ?? 0, hardware?.memoryBytes ?? 0) ?? 0;
  const storagePercent = Math.max(0, ...node.datastores.map((datastore) => usedPercent(datastore) ?? 0));
  return {
    cpu: cpuRatio >= limits.cpuRatio,
    memory: memoryPercent >= limits.memoryPercent,
    storage: storagePercent >= limits.storagePercent,
  };
}

/** Virtual CPUs of the powered-on VMs; one whose size is not known yet counts as none. */
export function allocatedCpus(vms: readonly Vm[]): number {
  return vms.reduce((sum, vm) => sum + (vm.powerState === "ON" ? (vm.numCpu ?? 0) : 0), 0);
}

/** 0 to 100; null for a datastore that is not mounted or has no capacity. */
export function usedPercent(datastore: Datastore): number | null {
  if (!datastore.mounted) return null;
  return percent(datastore.capacityBytes - datastore.freeBytes, datastore.capacityBytes);
}

export function vmCounts(vms: readonly Vm[]): VmCounts {
  const count = (state: Vm["powerState"]): number => vms.filter((vm) => vm.powerState === state).length;
  return {
    on: count("ON"),
    off: count("OFF"),
    suspended: count("SUSPENDED"),
    unknown: count("UNKNOWN"),
    total: vms.length,
  };
}

function percent(part: number, whole: number): number | null {
  return whole > 0 ? (part / whole) * 100 : null;
}
