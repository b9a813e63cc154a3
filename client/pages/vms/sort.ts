/** In which order VMs are shown. Pure, but for remembering each VM's keys. */
import type { Vm } from "../../inventory/state.ts";
import { columnOf } from "./columns.ts";
import type { Order } from "./view.ts";

export type Sort = (vms: readonly Vm[], order: readonly Order[]) => readonly Vm[];

type Key = string | number | null;

/** Nulls come last either way; equal ones are told apart by id, so that rows never dance. */
export function createSort(): Sort {
  const keys = new Map<string, WeakMap<Vm, Key>>();

  function keyOf(column: string): (vm: Vm) => Key {
    const known = keys.get(column) ?? new WeakMap<Vm, Key>();
    keys.set(column, known);
    const sortBy = columnOf(column)?.sortBy ?? (() => null);
    return (vm) => {
      const key = known.get(vm);
      if (key !== undefined) return key;
      const made = naturalKey(sortBy(vm));
      known.set(vm, made);
      return made;
    };
  }

  return (vms, order) => {
    const criteria = order.map(({ column, descending }) => ({ of: keyOf(column), sign: descending ? -1 : 1 }));
    return vms.toSorted((a, b) => {
      for (const { of, sign } of criteria) {
        const difference = compare(of(a), of(b), sign);
        if (difference !== 0) return difference;
      }
      return a.id < b.id ? -1 : 1;
    });
  };
}

/** Case does not count, and `vm2` comes before `vm10`: its numbers are made equally long. An empty text is none. */
export function naturalKey(value: Key): Key {
  if (typeof value !== "string") return value;
  return value === "" ? null : value.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, "0"));
}

function compare(a: Key, b: Key, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}
