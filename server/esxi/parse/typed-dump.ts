/**
 * The typed dumps of vim-cmd (`(vim.vm.Summary) {` …), as ESXi 4.x to 9.0 print them.
 *
 * Strings are printed raw. Where the plain reading (every string ends at the first possible quote) does not hold, later
 * ends are tried for the strings that people or guests write, the last of them first: the reading counts under which
 * the whole text is one object, no field comes twice, and `accept` agrees. Such a string is first taken to end only
 * before the field that follows it in all known versions, so that what imitates fields inside it does not end it.
 */
import { DumpFault, type Reading, readRoot } from "./dump-reader.ts";
import type { DumpArray, DumpObject } from "./dump-value.ts";
import { excerpt, withoutTerminalCr } from "./parsed.ts";

export interface DumpOptions {
  /**
   * Paths of strings written by people or guests, such as `config.annotation`, each with the name of the field that
   * follows it in all known versions. Default: none.
   */
  readonly freeText?: ReadonlyMap<string, string | undefined>;
  /** Is this tree what was asked for. Default: any is. */
  readonly accept?: (root: DumpObject | DumpArray) => boolean;
  /** May other text follow the object. Default: no. */
  readonly moreMayFollow?: boolean;
}

export type DumpResult =
  | { readonly ok: DumpObject | DumpArray }
  /** `at`: offset of the fault in the text (with LF line ends). */
  | { readonly failed: string; readonly at: number };

/** Characters that may be gone through in all readings together, beside four times the text. */
const searchBudget = 2_000_000;

/** Parses the first dump in a text; headings before it (`Listsummary:`, `Power on failed:`) are skipped. Never throws. */
export function parseDump(output: string, options: DumpOptions = {}): DumpResult {
  const text = withoutTerminalCr(output);
  const start = startOfDump(text);
  if (start < 0) return { failed: `no object in: ${excerpt(text)}`, at: 0 };
  const known = options.freeText ?? new Map<string, string | undefined>();
  const search: Search = { text, start, options, budget: searchBudget + 4 * text.length };
  const strict = readAnyWay(search, known);
  if (!(strict instanceof DumpFault)) return { ok: strict };
  if (known.size === 0) return describe(text, strict);
  const loose = readAnyWay(search, new Map([...known.keys()].map((path) => [path, undefined])));
  return loose instanceof DumpFault ? describe(text, loose) : { ok: loose };
}

interface Search {
  readonly text: string;
  readonly start: number;
  readonly options: DumpOptions;
  budget: number;
}

/** The first reading that holds, or the fault of the plain one. */
function readAnyWay(search: Search, freeText: Reading["freeText"]): DumpObject | DumpArray | DumpFault {
  let minEnds: readonly number[] | undefined = [];
  let firstFault: DumpFault | undefined;
  do {
    search.budget -= search.text.length;
    const reading: Reading = { text: search.text, freeText, minEnds, ends: [], at: search.start, depth: 0 };
    const outcome = readOnce(reading, search.options);
    if (!(outcome instanceof DumpFault)) return outcome;
    firstFault ??= outcome;
    minEnds = nextMinEnds(reading.ends, outcome);
  } while (minEnds !== undefined && search.budget > 0);
  return firstFault;
}

/** Offset of the opening parenthesis: at a line's start, or after a heading that ends in a colon and a blank. */
function startOfDump(text: string): number {
  const opening = /(?:^|failed: )(\([\w.:]+\) ?[{[])/m.exec(text);
  if (opening === null) return -1;
  return opening.index + opening[0].indexOf("(");
}

function readOnce(reading: Reading, options: DumpOptions): DumpObject | DumpArray | DumpFault {
  try {
    const root = readRoot(reading);
    if (options.moreMayFollow !== true && reading.text.slice(reading.at).trim() !== "") {
      return new DumpFault("syntax", "other text follows the object", reading.at);
    }
    if (options.accept?.(root) === false) return new DumpFault("doubt", "fields are missing", reading.at);
    return root;
  } catch (thrown) {
    if (thrown instanceof DumpFault) return thrown;
    throw thrown;
  }
}

/**
 * The next reading: the last free string ends later. After a fault in the grammar it must reach beyond the fault: an
 * end before it is one that the failed reading passed as well, in the same state.
 */
function nextMinEnds(ends: readonly number[], fault: DumpFault): readonly number[] | undefined {
  const last = ends.at(-1);
  if (last === undefined) return undefined;
  return [...ends.slice(0, -1), fault.kind === "syntax" ? Math.max(last + 1, fault.at) : last + 1];
}

function describe(text: string, { message, at }: DumpFault): DumpResult {
  const line = text.slice(0, at).split("\n").length;
  return { failed: `${message} (line ${line}: ${excerpt(text.slice(at, at + 80))})`, at };
}
