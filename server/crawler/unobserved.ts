/** Pure: what becomes of what is known of a node when a scan fails, and when its settings change. */
import type { NodeConfig } from "../config.ts";
import type { AppError } from "../errors.ts";
import type { NodeStatus, Timestamp } from "../model.ts";
import { blankMemory, type NodeMemory, type VmMemory } from "./memory.ts";
import { hostAnswered, verdictOfError, withVerdict } from "./node-status.ts";
import { keptOr } from "./records.ts";
import { missedBy, noWitness } from "./removal.ts";
import { finished } from "./vm-merge.ts";

/** `at`: when the scan ended. The VMs stay as they are, but stale. */
export function observeFailure(memory: NodeMemory, error: AppError, at: Timestamp): NodeMemory {
  // One damaged output may be a passing noise; it is asked again soon, and nobody need see his list turn grey.
  const isTolerated = error.code === "OUTPUT_DAMAGED" && memory.failures === 0;
  const answered = hostAnswered(error.code);
  return {
    ...memory,
    node: keptOr(memory.node, withVerdict(memory.node, verdictOfError(error), at)),
    pulse: answered ? { ...memory.pulse, lastSeenAt: at } : memory.pulse,
    vms: mapVms(memory, (vm) => ({
      ...(isTolerated ? vm : outdated(vm)),
      absence: vm.absence && missedBy(vm.absence, noWitness),
    })),
    failures: memory.failures + 1,
    failingSince: memory.failingSince ?? Date.parse(at),
  };
}

/** A node as hosts.yml has it now; `known` is undefined for a new one. */
export function configured(known: NodeMemory | undefined, config: NodeConfig, at: Timestamp): NodeMemory {
  const memory = known ?? firstMemory(config, at);
  const status = statusUnder(config, memory.node.status);
  const settings = {
    address: config.address,
    labels: config.labels,
    defaults: config.defaults,
    vmThresholds: config.vmThresholds,
    nodeThresholds: config.nodeThresholds,
  };
  const node = { ...memory.node, ...settings };
  return {
    ...memory,
    node: keptOr(memory.node, status === undefined ? node : withVerdict(node, status, at)),
    vms: mapVms(memory, (vm) => finished(vm, config.disabled ? outdated(vm) : vm, config)),
    failures: 0,
    failingSince: undefined,
  };
}

/** What a store remembers, at start: last known, not seen yet. A fault stays a fault until the node is seen without it. */
export function awaitingFirstLook(memory: NodeMemory, at: Timestamp): NodeMemory {
  const { status } = memory.node;
  const node = status === "ONLINE" || status === "DEGRADED" ? withVerdict(memory.node, pending, at) : memory.node;
  return { ...memory, node, vms: mapVms(memory, outdated) };
}

const pending = {
  status: "PENDING",
  message: "Not looked at yet since ECoMan started; this takes some seconds.",
} as const;
const disabled = {
  status: "DISABLED",
  message: "Switched off in hosts.yml; remove disabled there to have it looked at again.",
} as const;

function statusUnder(config: NodeConfig, status: NodeStatus) {
  if (config.disabled) return disabled;
  return status === "DISABLED" ? pending : undefined;
}

function firstMemory(config: NodeConfig, at: Timestamp): NodeMemory {
  return blankMemory({
    name: config.name,
    address: config.address,
    labels: config.labels,
    status: pending.status,
    statusMessage: pending.message,
    statusSince: at,
    version: null,
    build: null,
    hardware: null,
    datastores: [],
    portGroups: [],
    isoImages: [],
    hardwareVersion: null,
    guestSystems: [],
    defaults: config.defaults,
    vmThresholds: config.vmThresholds,
    nodeThresholds: config.nodeThresholds,
  });
}

function outdated(known: VmMemory): VmMemory {
  return known.vm.stale ? known : { ...known, vm: { ...known.vm, stale: true } };
}

function mapVms(memory: NodeMemory, change: (vm: VmMemory) => VmMemory): NodeMemory["vms"] {
  return new Map([...memory.vms].map(([id, vm]) => [id, change(vm)]));
}
