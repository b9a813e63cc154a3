/** Reads the keys of one map of hosts.yml; whatever is wrong is reported with its place, and reading goes on. */
import type { Check } from "./checks.ts";
import type { MapValue, Value } from "./document.ts";
import { type ConfigFault, hideValue, showValue } from "./faults.ts";
import { suggest } from "./suggest.ts";

export interface Fields {
  /** Undefined: not given, or not what is expected (then reported). */
  read<T>(key: string, check: Check<T>): T | undefined;
  /** As `read`; a key left out is reported too. */
  need<T>(key: string, check: Check<T>): T | undefined;
  /** One value or a list of them; those that are not what is expected are reported and left out. */
  list<T>(key: string, check: Check<T>): readonly T[];
  map(key: string): MapValue | undefined;
  has(key: string): boolean;
  /** Says that the value of `key` is wrong for a reason that only shows outside of the file. */
  refuse(key: string, expected: string): void;
}

export interface Vocabulary {
  readonly keys: readonly string[];
  /** Other words people use for a key. */
  readonly alsoCalled?: Readonly<Record<string, string>>;
}

export type Report = (fault: ConfigFault) => void;

export function createFields(map: MapValue, report: (value: Value, expected: string) => void): Fields {
  const given = (key: string): Value | undefined => {
    const value = map.entries.get(key);
    return value?.kind === "nothing" ? undefined : value;
  };

  function parse<T>(value: Value, check: Check<T>): T | undefined {
    const parsed = value.kind === "text" ? check.parse(value.text) : undefined;
    if (parsed === undefined) report(value, check.expected);
    return parsed;
  }

  function read<T>(key: string, check: Check<T>): T | undefined {
    const value = given(key);
    return value === undefined ? undefined : parse(value, check);
  }

  function missing(key: string): Value {
    return { kind: "nothing", key: `${map.key}.${key}`, at: map.keyAt, keyAt: map.keyAt };
  }

  return {
    read,
    need(key, check) {
      if (given(key) === undefined) report(missing(key), check.expected);
      return read(key, check);
    },
    list(key, check) {
      const value = given(key);
      if (value === undefined) return [];
      const items = value.kind === "list" ? value.items : [value];
      return items.map((item) => parse(item, check)).filter((item) => item !== undefined);
    },
    map(key) {
      const value = given(key);
      if (value === undefined || value.kind === "map") return value;
      report(value, "keys and values, indented below it");
      return undefined;
    },
    has: (key) => given(key) !== undefined,
    refuse: (key, expected) => report(given(key) ?? missing(key), expected),
  };
}

/** Reports every key that the vocabulary does not know, with the one that was probably meant. */
export function refuseUnknownKeys(
  map: MapValue,
  words: Vocabulary,
  report: (key: Value, expected: string) => void,
): void {
  const other = words.alsoCalled ?? {};
  for (const [key, value] of map.entries) {
    if (words.keys.includes(key)) continue;
    const near = suggest(key, [...words.keys, ...Object.keys(other)]);
    const meant = near === undefined ? undefined : (other[near] ?? near);
    const hint = meant === undefined ? `one of ${words.keys.join(", ")}` : `a known key; did you mean ${meant}?`;
    report({ ...value, at: value.keyAt }, hint);
  }
}

const secretKey = /pass|secret|token|private/i;
const conventional = /^[A-Z][A-Z0-9_]*$/;

/** The fault of a value. What may be a secret, or was put where a variable's name belongs, is hidden. */
export function faultOf(file: string, value: Value, expected: string): ConfigFault {
  return { file, ...value.at, key: value.key, value: shown(value), expected };
}

function shown(value: Value): string | undefined {
  if (value.kind === "nothing") return undefined;
  if (value.kind !== "text") return value.kind === "map" ? "(a map)" : "(a list)";
  const key = value.key.slice(value.key.lastIndexOf(".") + 1);
  const named = key.endsWith("_env") && conventional.test(value.text);
  return secretKey.test(key) && !named ? hideValue(value.text) : showValue(value.text);
}
