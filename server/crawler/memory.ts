/** What the crawler keeps in mind of one node between two looks: the stored records, and how sure and how old they are. */
import type { ListedVm } from "../esxi/driver.ts";
import type { Node, NodeName, NodePulse, Vm, VmId, VmUsage } from "../model.ts";
import type { StoredInventory } from "../store/store.ts";
import type { Absence } from "./removal.ts";

export interface NodeMemory {
  readonly node: Node;
  readonly pulse: NodePulse;
  readonly vms: ReadonlyMap<VmId, VmMemory>;
  /** Canonical paths that vmInventory.xml or the list of running VMs showed lately without a VM known there. */
  readonly strangers: ReadonlySet<string>;
  /** Host's clock minus ours, in ms, as last seen. */
  readonly clockOffsetMs: number | undefined;
  /** ms; when the slow-changing facts were last read whole since start. */
  readonly factsAt: number | undefined;
  /** Scans in a row that gave nothing. */
  readonly failures: number;
  /** ms; when the first of them ended. */
  readonly failingSince: number | undefined;
}

/** Times are ms by our clock; 0 means never. */
export interface VmMemory {
  readonly vm: Vm;
  readonly usage: VmUsage | undefined;
  /** When its summary was last read. */
  readonly readAt: number;
  /** When reading its summary was last tried. */
  readonly triedAt: number;
  /** When its power state was last evidenced, by whatever. */
  readonly powerAt: number;
  /** When it was last seen under its vmid and path. */
  readonly seenAt: number;
  /** Was it in the list of running VMs when that was last read. */
  readonly running: boolean;
  /** Something about it changed and its summary has not been tried since. Never tried at all is not urgent: it is the oldest. */
  readonly urgent: boolean;
  /** Its row in `getallvms` when last seen there, since start. */
  readonly row: ListedVm | undefined;
  readonly absence: Absence | undefined;
}

/** What a store kept, by node. */
export function recall(stored: StoredInventory): ReadonlyMap<NodeName, NodeMemory> {
  const usages = new Map(stored.usages.map((usage) => [usage.vmId, usage]));
  const pulses = new Map(stored.pulses.map((pulse) => [pulse.node, pulse]));
  const vms = Map.groupBy(stored.vms, (vm) => vm.node);
  return new Map(
    stored.nodes.map((node) => [
      node.name,
      {
        ...blankMemory(node),
        pulse: pulses.get(node.name) ?? blankPulse(node.name),
        vms: new Map(vms.get(node.name)?.map((vm) => [vm.id, recallVm(vm, usages.get(vm.id))])),
      },
    ]),
  );
}

/** A node of which nothing is known but its settings. */
export function blankMemory(node: Node): NodeMemory {
  return {
    node,
    pulse: blankPulse(node.name),
    vms: new Map(),
    strangers: new Set(),
    clockOffsetMs: undefined,
    factsAt: undefined,
    failures: 0,
    failingSince: undefined,
  };
}

function recallVm(vm: Vm, usage: VmUsage | undefined): VmMemory {
  const readAt = usage === undefined ? 0 : Date.parse(usage.observedAt);
  return {
    vm,
    usage,
    readAt,
    triedAt: readAt,
    powerAt: 0,
    seenAt: 0,
    running: vm.powerState === "ON",
    urgent: false,
    row: undefined,
    absence: undefined,
  };
}

function blankPulse(name: string): NodePulse {
  return { node: name, lastSeenAt: null, lastScan: null, cpuUsageMhz: null, memoryUsageBytes: null };
}

/** A VM at first sight: where it is, and nothing else yet. */
export function blankVm(id: VmId, place: Pick<Vm, "node" | "nodeLabels" | "vmid" | "path">): VmMemory {
  const vm: Vm = {
    id,
    node: place.node,
    nodeLabels: place.nodeLabels,
    vmid: place.vmid,
    path: place.path,
    name: place.path.slice(place.path.lastIndexOf("/") + 1).replace(/\.vmx$/i, ""),
    powerState: "UNKNOWN",
    connectionState: "UNKNOWN",
    overallStatus: null,
    bootTime: null,
    toolsStatus: null,
    toolsRunningStatus: null,
    hostname: null,
    ipAddress: null,
    memorySizeMb: null,
    numCpu: null,
    numEthernetCards: null,
    numVirtualDisks: null,
    guestId: null,
    guestFullName: null,
    uuid: null,
    instanceUuid: null,
    hardwareVersion: null,
    consolidationNeeded: null,
    datastore: null,
    datastorePath: null,
    comment: null,
    question: null,
    readError: null,
    stale: false,
    exceeds: { cpu: false, ram: false, storage: false },
  };
  return recallVm(vm, undefined);
}
