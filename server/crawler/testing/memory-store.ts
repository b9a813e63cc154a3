/** As much of a store as the crawler needs, in memory. */
import type { Node, NodePulse, Vm, VmUsage } from "../../model.ts";
import type { InventoryChange, Pulse, StoredInventory } from "../../store/store.ts";

export interface MemoryStore {
  /** Every change that was applied, in order. */
  readonly changes: InventoryChange[];
  readonly pulses: Pulse[];
  apply: (change: InventoryChange) => Promise<string>;
  pulse: (pulse: Pulse) => Promise<void>;
  stored(): StoredInventory;
  load: () => Promise<StoredInventory>;
  node(name: string): Node | undefined;
  /** By name. */
  vm(name: string): Vm | undefined;
  vms(): readonly Vm[];
}

export function createMemoryStore(): MemoryStore {
  const nodes = new Map<string, Node>();
  const vms = new Map<string, Vm>();
  const pulsesOf = new Map<string, NodePulse>();
  const usages = new Map<string, VmUsage>();
  const changes: InventoryChange[] = [];
  const pulses: Pulse[] = [];

  const store: MemoryStore = {
    changes,
    pulses,
    apply(change) {
      changes.push(change);
      for (const node of change.nodes ?? []) nodes.set(node.name, node);
      for (const name of change.removedNodes ?? []) nodes.delete(name);
      for (const vm of change.vms ?? []) vms.set(vm.id, vm);
      for (const id of change.removedVms ?? []) vms.delete(id);
      return Promise.resolve(String(changes.length));
    },
    pulse(pulse) {
      pulses.push(pulse);
      for (const node of pulse.nodes) pulsesOf.set(node.node, node);
      for (const usage of pulse.usages) usages.set(usage.vmId, usage);
      return Promise.resolve();
    },
    stored: () => ({
      revision: String(changes.length),
      nodes: [...nodes.values()],
      pulses: [...pulsesOf.values()],
      vms: [...vms.values()],
      usages: [...usages.values()],
      removed: [],
      vmRevisions: new Map(),
      oldestResumable: "0",
    }),
    load: () => Promise.resolve(store.stored()),
    node: (name) => nodes.get(name),
    vm: (name) => [...vms.values()].find((vm) => vm.name === name),
    vms: () => [...vms.values()],
  };
  return store;
}
