/**
 * hosts.yml as a tree of values that know their place in the file. Aliases and merge keys (`<<`) are expanded here,
 * under a budget, so that a few lines cannot unfold into gigabytes. The rest of the room knows nothing of YAML.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap, type Node as YamlNode } from "yaml";
import type { ConfigFault } from "./faults.ts";

export interface Place {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

interface Placed {
  /** Dotted path from the top: `esx1.thresholds.cpu`. */
  readonly key: string;
  /** Where the value stands; where the key stands for maps and for values left out. */
  readonly at: Place;
  /** Where the key stands; the value itself in a list. */
  readonly keyAt: Place;
}

export type MapValue = Placed & { readonly kind: "map"; readonly entries: ReadonlyMap<string, Value> };
export type Value = MapValue | ListValue | TextValue | NothingValue;
type ListValue = Placed & { readonly kind: "list"; readonly items: readonly Value[] };
/** Numbers and booleans too: as they are written. */
type TextValue = Placed & { readonly kind: "text"; readonly text: string };
type NothingValue = Placed & { readonly kind: "nothing" };

export interface HostsDocument {
  /** Undefined: nothing of the file can be read. */
  readonly root: Value | undefined;
  readonly faults: readonly ConfigFault[];
}

const maxValues = 100_000;
const maxDepth = 12;
const top: Place = { line: 1, column: 1 };

export function parseHostsDocument(file: string, text: string): HostsDocument {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, logLevel: "silent" });
  const placeOf = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...document.errors, ...document.warnings];
  const faults = problems.map(({ code, message, pos }): ConfigFault => {
    const fault = { file, ...placeOf(pos[0]), key: firstWord(text.slice(pos[0])) };
    return code === "DUPLICATE_KEY"
      ? { ...fault, value: "(given again)", expected: "each key once in its map" }
      : { ...fault, key: "", value: undefined, expected: `readable YAML (${message})` };
  });
  // After a syntax error the tree is a guess: its faults would only hide the one that matters.
  if (problems.some(({ code }) => code !== "DUPLICATE_KEY")) return { root: undefined, faults };

  let left = maxValues;
  function expand(node: unknown, place: Placed, depth: number): Value {
    left -= 1;
    if (left < 0 || depth > maxDepth) throw new TooLarge();
    const target = isAlias(node) ? node.resolve(document) : node;
    const placed = { ...place, at: startOf(node) ?? place.at };
    if (isMap(target)) return { ...place, kind: "map", entries: entriesOf(target, place.key, depth) };
    if (isSeq(target)) {
      const items = target.items.map((item) => {
        const at = startOf(item) ?? placed.at;
        return expand(item, { key: place.key, at, keyAt: at }, depth + 1);
      });
      return { ...placed, kind: "list", items };
    }
    if (!isScalar(target) || target.value === null) return { ...place, kind: "nothing" };
    const written = typeof target.value === "string" ? target.value : (target.source ?? "");
    return { ...placed, kind: "text", text: written };
  }

  function entriesOf(map: YAMLMap, path: string, depth: number): Map<string, Value> {
    const own = new Map<string, Value>();
    const merged = new Map<string, Value>();
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      const keyAt = startOf(key) ?? top;
      const target = isAlias(value) ? value.resolve(document) : value;
      const sources = isSeq(target) ? target.items : [target];
      if (name !== "<<") {
        if (!own.has(name)) own.set(name, expand(value, { key: join(path, name), at: keyAt, keyAt }, depth + 1));
        continue;
      }
      for (const source of sources) {
        const base = expand(source, { key: path, at: keyAt, keyAt }, depth + 1);
        if (base.kind !== "map") own.set("<<", { ...base, key: join(path, "<<") });
        else for (const [inner, entry] of base.entries) if (!merged.has(inner)) merged.set(inner, entry);
      }
    }
    for (const [name, value] of merged) if (!own.has(name)) own.set(name, value);
    return own;
  }

  const startOf = (node: unknown): Place | undefined => {
    const offset = (node as YamlNode | null | undefined)?.range?.[0];
    return offset === undefined ? undefined : placeOf(offset);
  };

  try {
    return { root: expand(document.contents, { key: "", at: top, keyAt: top }, 0), faults };
  } catch (thrown) {
    if (!(thrown instanceof TooLarge)) throw thrown;
    const expected = `at most ${maxValues} values and ${maxDepth} levels, aliases unfolded`;
    return { root: undefined, faults: [...faults, { file, ...top, key: "", value: undefined, expected }] };
  }
}

class TooLarge extends Error {}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The key at the start of `text`, without what follows it: that may be a secret. */
function firstWord(text: string): string {
  return /^[\w.-]{1,40}(?=\s*:)/.exec(text)?.[0] ?? "";
}
