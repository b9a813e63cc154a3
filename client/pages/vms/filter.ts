/** Which VMs a view shows. Pure, but for remembering each VM's text. */
import type { Vm } from "../../inventory/state.ts";
import type { View } from "./view.ts";

export type Filter = (vms: Iterable<Vm>, view: View) => readonly Vm[];

/** A VM that did not change is the same object, so what is searched in it is put together once. */
export function createFilter(): Filter {
  const texts = new WeakMap<Vm, string>();

  function textOf(vm: Vm): string {
    const known = texts.get(vm);
    if (known !== undefined) return known;
    const text = [vm.name, vm.hostname, vm.ipAddress, vm.comment].join("\n").toLowerCase();
    texts.set(vm, text);
    return text;
  }

  return (vms, view) => {
    const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (vm: Vm): boolean =>
      (view.nodes.length === 0 || view.nodes.includes(vm.node.name)) &&
      (view.powers.length === 0 || view.powers.includes(vm.powerState)) &&
      view.limits.every((limit) => vm.exceedsThreshold[limit]) &&
      (!view.stale || vm.stale) &&
      words.every((word) => textOf(vm).includes(word));
    return [...vms].filter(matches);
  };
}
