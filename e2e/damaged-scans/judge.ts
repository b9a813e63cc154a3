/** What no damaged scan may do to what is known. */
import { isDeepStrictEqual } from "node:util";
import type { Node, Vm, VmId } from "../../server/model.ts";
import type { InventoryChange, StoredInventory } from "../../server/store/store.ts";

/** What is known of a node by sound scans. */
export interface Known {
  readonly node: Node | undefined;
  readonly vms: ReadonlyMap<VmId, Vm>;
}

export function knownIn(stored: StoredInventory): Known {
  return { node: stored.nodes[0], vms: new Map(stored.vms.map((vm) => [vm.id, vm])) };
}

/** No VM removed, nothing that was known forgotten. */
export function lossesIn(change: InventoryChange, known: Known): readonly string[] {
  const removed = (change.removedVms ?? []).flatMap((id) => known.vms.get(id) ?? []);
  const nodes = known.node === undefined ? [] : (change.nodes ?? []).flatMap((node) => blanks(node, known.node));
  const vms = (change.vms ?? []).flatMap((vm) => blanks(vm, known.vms.get(vm.id)));
  return [...removed.map(({ name }) => `"${name}" was removed`), ...nodes, ...vms];
}

/** A VM that took what belongs to another one. */
export function swapsIn(change: InventoryChange, known: Known): readonly string[] {
  return (change.vms ?? []).flatMap((vm) => {
    const before = known.vms.get(vm.id);
    if (before === undefined) return [];
    return (["name", "path", "datastorePath", "uuid", "instanceUuid"] as const)
      .filter((name) => vm[name] !== before[name] && [...known.vms.values()].some((other) => other[name] === vm[name]))
      .map((name) => `${name} of "${before.name}" became another VM's: ${vm[name]}`);
  });
}

export interface Tolerance {
  /** May this VM's power be unknown: it is in no list of running VMs, and its summary could not be read. */
  readonly mayLosePower: (vm: Vm) => boolean;
}

/** Beside losses: any value of a VM that a damaged scan made up, and any VM. Its age and why it can't be read may change. */
export function inventionsIn(change: InventoryChange, known: Known, tolerance: Tolerance): readonly string[] {
  return (change.vms ?? []).flatMap((vm) => {
    const before = known.vms.get(vm.id);
    if (before === undefined) return [`"${vm.name}" at ${vm.path} was made up`];
    return differences(vm, before)
      .filter((name) => {
        if (name === "stale" || name === "readError") return false;
        return !(name === "powerState" && vm.powerState === "UNKNOWN" && tolerance.mayLosePower(before));
      })
      .map((name) => `${name} of "${before.name}" became ${JSON.stringify(vm[name])}`);
  });
}

/** What differs from what was known, after the host is sound again. */
export function remainsIn(stored: StoredInventory, known: Known): readonly string[] {
  const left = stored.vms.flatMap((vm) => {
    const before = known.vms.get(vm.id);
    if (before === undefined) return [`"${vm.name}" at ${vm.path} stayed`];
    return differences(vm, before).map((name) => `${name} of "${before.name}" stayed ${JSON.stringify(vm[name])}`);
  });
  const gone = [...known.vms.values()].filter(({ id }) => !stored.vms.some((vm) => vm.id === id));
  return [...left, ...gone.map(({ name }) => `"${name}" is gone`)];
}

function differences(one: Vm, other: Vm): readonly (keyof Vm)[] {
  return (Object.keys(one) as (keyof Vm)[]).filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

/** A message is no value: that there is none is good news. */
const messages = ["readError", "statusMessage"];

function blanks<T extends Vm | Node>(now: T, before: T | undefined): readonly string[] {
  if (before === undefined) return [];
  return (Object.keys(now) as (keyof T & string)[])
    .filter((name) => !messages.includes(name) && isBlank(now[name]) && !isBlank(before[name]))
    .map(
      (name) =>
        `${name} of "${before.name}" was ${JSON.stringify(before[name])} and became ${JSON.stringify(now[name])}`,
    );
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
