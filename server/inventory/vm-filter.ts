/** Filters of VMs as predicates. */
import type { ThresholdFilter, VmFilter } from "../inventory.ts";
import type { Vm, VmExceeds } from "../model.ts";
import { foldCase } from "./sort-text.ts";

export type VmPredicate = (vm: Vm) => boolean;

/** Answers a compiler of filters. An empty list matches no VM, an empty text every one. */
export function createVmFilters(): (filter: VmFilter) => VmPredicate {
  // Folding case is the dear part of a search; a record never changes.
  const searchTexts = new WeakMap<Vm, string>();

  function searchTextOf(vm: Vm): string {
    const known = searchTexts.get(vm);
    if (known !== undefined) return known;
    // NUL between the fields, so that nothing is found across two of them.
    const text = foldCase([vm.name, vm.hostname ?? "", vm.ipAddress ?? "", vm.comment ?? ""].join("\0"));
    searchTexts.set(vm, text);
    return text;
  }

  function hasText(text: string): VmPredicate {
    const wanted = foldCase(text);
    return (vm) => searchTextOf(vm).includes(wanted);
  }

  return (filter) => {
    const conditions = conditionsOf(filter);
    if (filter.text !== undefined) conditions.push(hasText(filter.text));
    return (vm) => conditions.every((holds) => holds(vm));
  };
}

function conditionsOf({ nodes, nodeLabels, powerStates, exceeds, stale, ids }: VmFilter): VmPredicate[] {
  const conditions: VmPredicate[] = [];
  if (ids) conditions.push(isOneOf(ids, (vm) => vm.id));
  if (nodes) conditions.push(isOneOf(nodes, (vm) => vm.node));
  if (powerStates) conditions.push(isOneOf(powerStates, (vm) => vm.powerState));
  if (nodeLabels) conditions.push((vm) => vm.nodeLabels.some((label) => nodeLabels.includes(label)));
  if (stale !== undefined) conditions.push((vm) => vm.stale === stale);
  if (exceeds) conditions.push((vm) => fitsThresholds(vm.exceeds, exceeds));
  return conditions;
}

function isOneOf<T>(values: readonly T[], of: (vm: Vm) => T): VmPredicate {
  const wanted = new Set(values);
  return (vm) => wanted.has(of(vm));
}

function fitsThresholds(exceeds: VmExceeds, wanted: ThresholdFilter): boolean {
  const any = exceeds.cpu || exceeds.ram || exceeds.storage;
  return (
    fits(exceeds.cpu, wanted.cpu) &&
    fits(exceeds.ram, wanted.ram) &&
    fits(exceeds.storage, wanted.storage) &&
    fits(any, wanted.any)
  );
}

function fits(value: boolean, wanted: boolean | undefined): boolean {
  return wanted === undefined || value === wanted;
}
