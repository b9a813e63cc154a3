/**
 * A typed dump of vim-cmd as a tree.
 *
 * `<unset>` and `(type) null` are both `null`. Integers outside the safe range are `bigint`.
 */
export type DumpValue = string | number | bigint | boolean | null | DumpReference | DumpObject | DumpArray;

/** `'vim.VirtualMachine:496'`. The id may hold blanks, quotes, slashes and colons. */
export interface DumpReference {
  readonly kind: "reference";
  readonly type: string;
  readonly id: string;
}

export interface DumpObject {
  readonly kind: "object";
  /** `vim.vm.Summary` and the like. */
  readonly type: string;
  readonly fields: ReadonlyMap<string, DumpValue>;
}

export interface DumpArray {
  readonly kind: "array";
  /** The type the array was declared with; its items carry their own. */
  readonly type: string;
  readonly items: readonly DumpValue[];
}

/** The value at the end of a path of field names; `undefined` where a field is missing or something unset is in the way. */
export function valueAt(root: DumpValue, ...path: readonly string[]): DumpValue | undefined {
  let value: DumpValue | undefined = root;
  for (const name of path) {
    if (!isObject(value)) return undefined;
    value = value.fields.get(name);
  }
  return value;
}

/** The string at a path; null where there is none, or an empty one. */
export function textAt(root: DumpValue, ...path: readonly string[]): string | null {
  const value = valueAt(root, ...path);
  return typeof value === "string" && value !== "" ? value : null;
}

/** The whole number at a path, 0 or more; null where there is none. */
export function countAt(root: DumpValue, ...path: readonly string[]): number | null {
  const value = valueAt(root, ...path);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function isObject(value: DumpValue | undefined): value is DumpObject {
  return typeof value === "object" && value !== null && value.kind === "object";
}

export function isArray(value: DumpValue | undefined): value is DumpArray {
  return typeof value === "object" && value !== null && value.kind === "array";
}

export function isReference(value: DumpValue | undefined): value is DumpReference {
  return typeof value === "object" && value !== null && value.kind === "reference";
}
