/** All VMs in each order that was lately asked for, kept sorted while they change. */
import type { VmOrder } from "../inventory.ts";
import type { Vm, VmId, VmUsage } from "../model.ts";
import type { SortPlace, VmOrdering } from "./vm-order.ts";
import { createVmOrdering, signatureOf } from "./vm-order.ts";

export interface VmRow extends SortPlace {
  readonly vm: Vm;
}

export interface VmLists {
  list(orderBy: readonly VmOrder[]): VmList;
  /** These VMs changed, came or went. */
  vmsChanged(ids: Iterable<VmId>): void;
  readingsChanged(ids: Iterable<VmId>): void;
}

export interface VmList {
  readonly ordering: VmOrdering;
  readonly rows: readonly VmRow[];
}

/** What the lists are made of. */
export interface VmSource {
  vms(): Iterable<Vm>;
  vm(id: VmId): Vm | undefined;
  usage(id: VmId): VmUsage | undefined;
}

interface KeptList {
  readonly ordering: VmOrdering;
  rows: readonly VmRow[];
  readonly changed: Set<VmId>;
}

/** How many orders are kept sorted; the others are sorted when they are asked for. */
const maxLists = 16;

export function createVmLists(source: VmSource): VmLists {
  /** The one used longest ago first. */
  const lists = new Map<string, KeptList>();

  function rowOf(ordering: VmOrdering, vm: Vm): VmRow {
    return { id: vm.id, keys: ordering.keysOf(vm, source.usage(vm.id)), vm };
  }

  function create(orderBy: readonly VmOrder[]): KeptList {
    const ordering = createVmOrdering(orderBy);
    const rows = Array.from(source.vms(), (vm) => rowOf(ordering, vm)).sort(ordering.compare);
    return { ordering, rows, changed: new Set() };
  }

  function repair(list: KeptList): void {
    const { ordering, changed } = list;
    if (changed.size === 0) return;
    const moved = [...changed].flatMap((id) => source.vm(id) ?? []).map((vm) => rowOf(ordering, vm));
    const stayed = list.rows.filter((row) => !changed.has(row.id));
    list.rows = merge(stayed, moved.sort(ordering.compare), ordering);
    changed.clear();
  }

  function markChanged(ids: Iterable<VmId>, concerned: (list: KeptList) => boolean): void {
    const marked = [...lists.values()].filter(concerned);
    if (marked.length === 0) return;
    for (const id of ids) for (const list of marked) list.changed.add(id);
  }

  return {
    list(orderBy) {
      const signature = signatureOf(orderBy);
      const list = lists.get(signature) ?? create(orderBy);
      lists.delete(signature);
      lists.set(signature, list);
      const [oldest] = lists.keys();
      if (lists.size > maxLists && oldest !== undefined) lists.delete(oldest);
      repair(list);
      return list;
    },
    vmsChanged: (ids) => markChanged(ids, () => true),
    readingsChanged: (ids) => markChanged(ids, (list) => list.ordering.usesReadings),
  };
}

function merge(left: readonly VmRow[], right: readonly VmRow[], { compare }: VmOrdering): readonly VmRow[] {
  if (right.length === 0) return left;
  const merged: VmRow[] = [];
  let next = 0;
  for (const row of left) {
    for (let other = right[next]; other !== undefined && compare(other, row) < 0; other = right[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(row);
  }
  return merged.concat(right.slice(next));
}
