/**
 * The typed dumps of vim-cmd (`(vim.vm.Summary) {` …), as ESXi 4.x to 9.0 print them.
 *
 * Strings are printed raw. Where the plain reading (every string ends at the first possible quote) does not hold, later
 * ends are tried for the strings that people or guests write, the last of them first: the reading counts under which
 * the whole text is one object, no field comes twice, and `accept` agrees.
 */
import { DumpFault, type Reading, readRoot } from "./dump-reader.ts";
import type { DumpArray, DumpObject } from "./dump-value.ts";
import { excerpt, withoutTerminalCr } from "./parsed.ts";

export interface DumpOptions {
  /** Paths of strings written by people or guests, such as `config.annotation`. Default: none. */
  readonly freeText?: ReadonlySet<string>;
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
const searchBudget = 1_000_000;
const noFreeText: ReadonlySet<string> = new Set();

/** Parses the first dump in a text; headings before it (`Listsummary:`, `Power on failed:`) are skipped. Never throws. */
export function parseDump(output: string, options: DumpOptions = {}): DumpResult {
  const text = withoutTerminalCr(output);
  const start = startOfDump(text);
  if (start < 0) return { failed: `no object in: ${excerpt(text)}`, at: 0 };
  let budget = searchBudget + 4 * text.length;
  let minEnds: readonly number[] | undefined = [];
  let firstFault: DumpFault | undefined;
  while (minEnds !== undefined && budget > 0) {
    budget -= text.length;
    const freeText = options.freeText ?? noFreeText;
    const reading: Reading = { text, freeText, minEnds, ends: [], at: start, depth: 0 };
    const outcome = readOnce(reading, options);
    if (!(outcome instanceof DumpFault)) return { ok: outcome };
    firstFault ??= outcome;
    minEnds = nextMinEnds(reading.ends, outcome);
  }
  return describe(text, firstFault);
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

function describe(text: string, fault: DumpFault | undefined): DumpResult {
  const at = fault?.at ?? 0;
  const line = text.slice(0, at).split("\n").length;
  return { failed: `${fault?.message ?? "unreadable"} (line ${line}: ${excerpt(text.slice(at, at + 80))})`, at };
}
