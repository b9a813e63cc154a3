/** Pure: what has to be written when what is known of a node went from one state to the next. Nothing for nothing new. */
import type { InventoryChange, Pulse } from "../store/store.ts";
import type { NodeMemory } from "./memory.ts";
import { sameRecord } from "./records.ts";

export interface Difference {
  readonly change: InventoryChange;
  readonly pulse: Pulse;
}

/** `before` is undefined for a node that the store does not know. */
export function diff(before: NodeMemory | undefined, after: NodeMemory): Difference {
  const vms = [...after.vms.values()];
  const changed = vms.filter(({ vm }) => {
    const known = before?.vms.get(vm.id);
    return known === undefined || !sameRecord(known.vm, vm);
  });
  const read = vms.filter(({ vm, usage }) => usage !== before?.vms.get(vm.id)?.usage);
  const isNewNode = before === undefined || !sameRecord(before.node, after.node);
  const isNewPulse = before === undefined || !sameRecord(before.pulse, after.pulse);
  return {
    change: {
      nodes: isNewNode ? [after.node] : [],
      vms: changed.map(({ vm }) => vm),
      removedVms: [...(before?.vms.keys() ?? [])].filter((id) => !after.vms.has(id)),
    },
    pulse: {
      nodes: isNewPulse ? [after.pulse] : [],
      usages: read.flatMap(({ usage }) => (usage === undefined ? [] : [usage])),
    },
  };
}

export function isEmptyChange(change: InventoryChange): boolean {
  return [change.nodes, change.removedNodes, change.vms, change.removedVms].every((part) => (part?.length ?? 0) === 0);
}

export function isEmptyPulse(pulse: Pulse): boolean {
  return pulse.nodes.length === 0 && pulse.usages.length === 0;
}
