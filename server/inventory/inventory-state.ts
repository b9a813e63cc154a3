/** Nodes and VMs as the news so far have them. */
import { isDeepStrictEqual } from "node:util";
import type { Node, NodeName, NodePulse, Vm, VmId } from "../model.ts";
import type { InventoryChange, Pulse, StoredInventory } from "../store/store.ts";
import { naturalKey } from "./sort-text.ts";
import type { VmSource } from "./vm-lists.ts";

export interface InventoryState extends VmSource {
  node(name: NodeName): Node | undefined;
  pulse(name: NodeName): NodePulse | undefined;
  /** By name. */
  nodes(): readonly Node[];
  vmsOf(node: NodeName): readonly Vm[];
  apply(change: InventoryChange): readonly VmTransition[];
  /** Answers what it moved. */
  applyPulse(pulse: Pulse): PulseEffect;
}

/** Both undefined never happens; the same VM before and after neither. */
export interface VmTransition {
  readonly id: VmId;
  readonly before: Vm | undefined;
  readonly after: Vm | undefined;
}

export interface PulseEffect {
  readonly nodes: readonly NodeName[];
  readonly vms: readonly VmId[];
}

export function createInventoryState(stored: StoredInventory): InventoryState {
  const vms = new Map<VmId, Vm>();
  const vmsByNode = new Map<NodeName, Map<VmId, Vm>>();
  const nodes = new Map(stored.nodes.map((node) => [node.name, node]));
  const pulses = new Map(stored.pulses.map((pulse) => [pulse.node, pulse]));
  const usages = new Map(stored.usages.map((usage) => [usage.vmId, usage]));
  let nodesByName: readonly Node[] | undefined;
  for (const vm of stored.vms) put(vm);

  function take(id: VmId): Vm | undefined {
    const vm = vms.get(id);
    if (vm === undefined) return undefined;
    vms.delete(id);
    const neighbours = vmsByNode.get(vm.node);
    neighbours?.delete(id);
    if (neighbours?.size === 0) vmsByNode.delete(vm.node);
    return vm;
  }

  function put(vm: Vm): VmTransition {
    const before = vms.get(vm.id);
    if (before !== undefined && before.node !== vm.node) take(vm.id);
    vms.set(vm.id, vm);
    const neighbours = vmsByNode.get(vm.node) ?? new Map<VmId, Vm>();
    vmsByNode.set(vm.node, neighbours.set(vm.id, vm));
    return { id: vm.id, before, after: vm };
  }

  function remove(id: VmId): VmTransition[] {
    const before = take(id);
    usages.delete(id);
    return before === undefined ? [] : [{ id, before, after: undefined }];
  }

  function applyNodes({ nodes: changed = [], removedNodes = [] }: InventoryChange): void {
    for (const name of removedNodes) {
      nodes.delete(name);
      pulses.delete(name);
    }
    for (const node of changed) nodes.set(node.name, node);
    nodesByName = undefined;
  }

  return {
    vm: (id) => vms.get(id),
    vms: () => vms.values(),
    usage: (id) => usages.get(id),
    node: (name) => nodes.get(name),
    pulse: (name) => pulses.get(name),
    nodes: () => (nodesByName ??= sortNodes(nodes.values())),
    vmsOf: (node) => [...(vmsByNode.get(node)?.values() ?? [])],
    apply(change) {
      applyNodes(change);
      const { vms: changed = [], removedVms = [] } = change;
      return [...removedVms.flatMap(remove), ...changed.map(put)];
    },
    applyPulse(pulse) {
      const movedNodes = pulse.nodes
        .filter(({ node }) => nodes.has(node))
        .filter((next) => differs(pulses.get(next.node), next));
      const movedUsages = pulse.usages
        .filter(({ vmId }) => vms.has(vmId))
        .filter((next) => differs(usages.get(next.vmId), next));
      for (const next of movedNodes) pulses.set(next.node, next);
      for (const next of movedUsages) usages.set(next.vmId, next);
      return { nodes: movedNodes.map(({ node }) => node), vms: movedUsages.map(({ vmId }) => vmId) };
    },
  };
}

function sortNodes(nodes: Iterable<Node>): readonly Node[] {
  const keyed = Array.from(nodes, (node) => ({ node, key: naturalKey(node.name) }));
  keyed.sort((a, b) => compareText(a.key, b.key) || compareText(a.node.name, b.node.name));
  return keyed.map(({ node }) => node);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function differs(known: object | undefined, next: object): boolean {
  return known !== next && !isDeepStrictEqual(known, next);
}
