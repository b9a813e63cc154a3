/** The rows of the list, in order: VMs under creation on top, then the VMs that the view shows. */
import { type Accessor, createMemo } from "solid-js";
import type { Inventory } from "../../inventory/inventory.ts";
import { hasEnded } from "../../inventory/rows.ts";
import type { Task, Vm } from "../../inventory/state.ts";
import { createFilter } from "./filter.ts";
import { createSort } from "./sort.ts";
import type { View } from "./view.ts";

export interface Entries {
  /** Ids of the VMs that are shown, in order; the same array until that changes. */
  readonly ids: Accessor<readonly string[]>;
  /** Ids of the tasks that create a VM right now. */
  readonly creating: Accessor<readonly string[]>;
}

export function createEntries(inventory: Inventory, view: Accessor<View>): Entries {
  const filter = createFilter();
  const sort = createSort();
  // By what matters to the rows alone: another column or density leaves them as they are.
  const order = createMemo(() => view().order);
  const ids = createMemo<readonly string[]>((before) => {
    const shown = filter(inOrderOf(before, inventory.vms()), view());
    const sorted = sort(shown, order()).map(({ id }) => id);
    return isSameList(before, sorted) ? before : sorted;
  }, []);
  const creating = createMemo<readonly string[]>((before) => {
    const vms = inventory.vms();
    const isListed = (task: Task) => task.vmId !== null && vms.has(task.vmId);
    const tasks = [...inventory.tasks().values()]
      .filter((task) => creates(task) && !isListed(task))
      .map(({ id }) => id);
    return isSameList(before, tasks) ? before : tasks;
  }, []);
  return { ids, creating };
}

function creates(task: Task): boolean {
  return task.kind === "CREATE_VM" && !hasEnded(task);
}

/** What is nearly in order is sorted anew in a tenth of the time. */
function inOrderOf(before: readonly string[], vms: ReadonlyMap<string, Vm>): readonly Vm[] {
  const known = new Set(before);
  const kept = before.flatMap((id) => vms.get(id) ?? []);
  const others = [...vms.values()].filter(({ id }) => !known.has(id));
  return [...kept, ...others];
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
