/** Equality of records, field by field: an observation that says nothing new must not become a change. */
import { isDeepStrictEqual } from "node:util";

export function sameRecord<T extends object>(one: T, other: T): boolean {
  if (one === other) return true;
  for (const key of Object.keys(one) as (keyof T)[]) if (!sameValue(one[key], other[key])) return false;
  return Object.keys(one).length === Object.keys(other).length;
}

function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  return typeof one === "object" && one !== null && isDeepStrictEqual(one, other);
}

/** `next`, or `known` itself where nothing differs. */
export function keptOr<T extends object>(known: T, next: T): T {
  return sameRecord(known, next) ? known : next;
}
