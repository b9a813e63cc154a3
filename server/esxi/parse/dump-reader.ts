/**
 * One reading of a typed dump: recursive descent over the text, nothing tried twice.
 *
 * The grammar, in its 4.x to 9.0 forms, leaves one thing open: strings are printed raw, so a string may hold what looks
 * like its own end. A quote ends a string when nothing but a comma and blanks follow it on its line *and* the next line
 * is a field at the string's own indentation, or the closer at its parent's. Strings named in `freeText` may be made to
 * end later than at the first such quote (`minEnds`), and only before a certain field; typed-dump.ts makes use of that.
 */
import { blanksEnd, indentAt, isBlank, nameEnd, nextLine, wordEnd } from "./dump-text.ts";
import type { DumpArray, DumpObject, DumpReference, DumpValue } from "./dump-value.ts";

const maxDepth = 64;
/** 64-bit numbers have 19 digits; more would only cost time. */
const maxDigits = 20;

/**
 * syntax: the text does not go on as the grammar says at `at` · doubt: it does, but a field comes twice, so that some
 * text was taken for fields.
 */
export class DumpFault extends Error {
  readonly kind: "syntax" | "doubt";
  readonly at: number;

  constructor(kind: "syntax" | "doubt", message: string, at: number) {
    super(message);
    this.kind = kind;
    this.at = at;
  }
}

export interface Reading {
  readonly text: string;
  /** Paths of strings that people or guests wrote; to each the field that must follow it, `undefined` for any. */
  readonly freeText: ReadonlyMap<string, string | undefined>;
  /** For each free string in order of appearance: it ends at this offset or later. */
  readonly minEnds: readonly number[];
  /** Where each free string was found to end. Grows while reading. */
  readonly ends: number[];
  /** Where the reading stands. */
  at: number;
  depth: number;
}

/** Where a value stands: what may follow it on the next line. */
interface Site {
  /** Indentation of the fields or items. */
  readonly indent: string;
  /** Indentation of the closer. */
  readonly outer: string;
  readonly closer: "}" | "]";
  /** Path of the parent, with a dot at its end unless it is the root. */
  readonly path: string;
  /** For a string in it: the only field that may follow. Default: any. */
  readonly follower?: string | undefined;
}

/** Reads `(type) {…}` or `(type) […]` at `reading.at` and stops after its closer. @throws DumpFault */
export function readRoot(reading: Reading): DumpObject | DumpArray {
  const lineStart = reading.text.lastIndexOf("\n", reading.at - 1) + 1;
  const root = readTyped(reading, indentAt(reading.text, lineStart), "");
  if (typeof root === "object" && root !== null && root.kind !== "reference") return root;
  throw fault(reading, "neither an object nor an array");
}

function readTyped(reading: Reading, outer: string, path: string): DumpValue {
  const { text } = reading;
  const close = text.indexOf(")", reading.at);
  const type = text.slice(reading.at + 1, close);
  if (text[reading.at] !== "(" || close < 0 || type.length > 256 || !/^[\w.:<>[\]]+$/.test(type)) {
    throw fault(reading, "a type in parentheses is expected");
  }
  reading.at = close + 1;
  skipBlanks(reading);
  switch (text.charAt(reading.at)) {
    case "{":
      return nested(reading, () => readObject(reading, type, { outer, path }));
    case "[":
      return nested(reading, () => readArray(reading, type, { outer, path }));
    default:
      return readScalar(reading);
  }
}

function nested<T>(reading: Reading, read: () => T): T {
  if (reading.depth >= maxDepth) throw fault(reading, `more than ${maxDepth} levels`);
  reading.depth += 1;
  const value = read();
  reading.depth -= 1;
  return value;
}

function readObject(reading: Reading, type: string, place: Pick<Site, "outer" | "path">): DumpObject {
  const fields = new Map<string, DumpValue>();
  readBody(reading, { ...place, closer: "}" }, (site) => {
    const start = reading.at;
    const name = readName(reading);
    if (fields.has(name)) throw new DumpFault("doubt", `the field ${name} comes twice`, start);
    fields.set(name, readValue(reading, site, name));
  });
  return { kind: "object", type, fields };
}

function readArray(reading: Reading, type: string, place: Pick<Site, "outer" | "path">): DumpArray {
  const items: DumpValue[] = [];
  readBody(reading, { ...place, closer: "]" }, (site) => {
    items.push(readValue(reading, site, undefined));
  });
  return { kind: "array", type, items };
}

/** The lines between an opener, where the reading stands, and its closer: all at one indentation, deeper than `outer`. */
function readBody(reading: Reading, place: Omit<Site, "indent">, readEntry: (site: Site) => void): void {
  const { text } = reading;
  reading.at += 1;
  skipBlanks(reading);
  if (text[reading.at] === place.closer) {
    reading.at += 1;
    return;
  }
  endLine(reading);
  let site: Site | undefined;
  while (!isCloser(text, reading.at, place)) {
    site ??= { ...place, indent: indentAt(text, reading.at) };
    const { indent } = site;
    const isNeighbour = text.startsWith(indent, reading.at) && !isBlank(text.charCodeAt(reading.at + indent.length));
    if (!isNeighbour || indent.length <= place.outer.length || !indent.startsWith(place.outer)) {
      throw fault(reading, "a line stands at another indentation than its neighbours");
    }
    reading.at += indent.length;
    readEntry(site);
    if (text[reading.at] === ",") reading.at += 1;
    endLine(reading);
  }
  reading.at += place.outer.length + 1;
}

function readName(reading: Reading): string {
  const end = nameEnd(reading.text, reading.at);
  if (end < 0) throw fault(reading, "a field is expected");
  const name = reading.text.slice(reading.at, end);
  reading.at = end + " = ".length;
  return name;
}

function readValue(reading: Reading, site: Site, name: string | undefined): DumpValue {
  switch (reading.text.charAt(reading.at)) {
    case '"':
      return readString(reading, site, name);
    case "'":
      return readReference(reading);
    case "(":
      return readTyped(reading, site.indent, name === undefined ? site.path : `${site.path}${name}.`);
    default:
      return readScalar(reading);
  }
}

function readString(reading: Reading, site: Site, name: string | undefined): string {
  const { text, freeText } = reading;
  const start = reading.at + 1;
  const path = freeText.size > 0 && name !== undefined ? site.path + name : "";
  const isFree = freeText.has(path);
  const place = isFree ? { ...site, follower: freeText.get(path) } : site;
  const from = isFree ? Math.max(start, reading.minEnds[reading.ends.length] ?? 0) : start;
  let end = text.indexOf('"', from);
  while (end >= 0 && !isEndOfString(text, end, place)) end = text.indexOf('"', end + 1);
  if (end < 0) throw fault(reading, "a string has no end");
  if (isFree) reading.ends.push(end);
  else refuseSwallowedFields(reading, end, site);
  reading.at = end + 1;
  return text.slice(start, end);
}

/** A string whose closing quote was lost would end at another one's, with fields inside. */
function refuseSwallowedFields(reading: Reading, end: number, site: Site): void {
  const { text } = reading;
  for (let lf = text.indexOf("\n", reading.at); lf >= 0 && lf < end; lf = text.indexOf("\n", lf + 1)) {
    if (isEntry(text, lf + 1, site)) throw fault(reading, "a string holds what looks like the next field");
  }
}

function isEndOfString(text: string, quote: number, site: Site): boolean {
  let at = quote + 1;
  if (text[at] === ",") at += 1;
  const next = nextLine(text, at);
  if (next < 0 || next >= text.length) return false;
  if (site.follower !== undefined) return text.startsWith(`${site.indent}${site.follower} = `, next);
  return isEntry(text, next, site) || isCloser(text, next, site);
}

/** Does the line at `at` begin as a field (or, in an array, a string) at this indentation. */
function isEntry(text: string, at: number, site: Site): boolean {
  if (!text.startsWith(site.indent, at)) return false;
  const start = at + site.indent.length;
  return site.closer === "]" ? text[start] === '"' : nameEnd(text, start) >= 0;
}

/** Is the line at `at` the closer at exactly its indentation, and nothing else. */
function isCloser(text: string, at: number, site: Omit<Site, "indent">): boolean {
  if (!text.startsWith(site.outer, at)) return false;
  let next = at + site.outer.length;
  if (text[next] !== site.closer) return false;
  next += 1;
  if (text[next] === ",") next += 1;
  return nextLine(text, next) >= 0;
}

function readReference(reading: Reading): DumpReference {
  const { text } = reading;
  const lineEnd = text.indexOf("\n", reading.at);
  const line = text.slice(reading.at, lineEnd < 0 ? text.length : lineEnd);
  const end = line.lastIndexOf("'");
  if (end < 1 || !/^,?\s*$/.test(line.slice(end + 1))) throw fault(reading, "a reference has no end");
  const inner = line.slice(1, end);
  const colon = inner.indexOf(":");
  reading.at += end + 1;
  return { kind: "reference", type: inner.slice(0, Math.max(colon, 0)), id: inner.slice(colon + 1) };
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ["<unset>", null],
  ["null", null],
  ["true", true],
  ["false", false],
]);

function readScalar(reading: Reading): DumpValue {
  const { text } = reading;
  const end = wordEnd(text, reading.at);
  const word = text.slice(reading.at, end);
  const value = words.has(word) ? words.get(word) : numberOf(word);
  if (value === undefined) throw fault(reading, "a value is expected");
  reading.at = end;
  return value;
}

function numberOf(word: string): number | bigint | undefined {
  if (word.length > maxDigits + 1) return undefined;
  if (/^-?\d+$/.test(word)) {
    const value = Number(word);
    return Number.isSafeInteger(value) ? value : BigInt(word);
  }
  return /^-?\d+\.\d+(?:[eE][+-]?\d+)?$/.test(word) ? Number(word) : undefined;
}

function fault(reading: Reading, message: string): DumpFault {
  return new DumpFault("syntax", message, reading.at);
}

function skipBlanks(reading: Reading): void {
  reading.at = blanksEnd(reading.text, reading.at);
}

function endLine(reading: Reading): void {
  const next = nextLine(reading.text, reading.at);
  if (next < 0 || next >= reading.text.length) throw fault(reading, "the text ends, or a line goes on unexpectedly");
  reading.at = next;
}
