/**
 * Splits a script's stdout into its sections.
 *
 * A section is a line `@@NONCE begin NAME`, what its command printed, and a line `@@NONCE end NAME RC`; the script prints
 * a newline before that mark, so exactly one newline there belongs to the mark and not to the command. The last line is
 * `@@NONCE done`. The nonce is new for each run: nothing in a command's output can pass for a mark.
 */
export interface Section {
  /** What the command printed, to the byte. */
  readonly text: string;
  readonly exitCode: number;
}

export interface Sections {
  /** Whole sections only, in the order they came. */
  readonly sections: ReadonlyMap<string, Section>;
  /** The script came to its end: no section is still open. */
  readonly isDone: boolean;
  /** Names of sections whose marks don't fit: nested, crossed, doubled, or never closed although the script is done. */
  readonly damaged: readonly string[];
}

interface Splitting {
  readonly sections: Map<string, Section>;
  readonly begun: Set<string>;
  readonly damaged: Set<string>;
  open: { readonly name: string; readonly start: number } | undefined;
  isDone: boolean;
}

interface Mark {
  /** Offsets of the mark's line; `end` is after its newline. */
  readonly start: number;
  readonly end: number;
  readonly words: readonly string[];
}

/** Also takes the beginning of an output that is still coming: a section is there as soon as its end mark is. */
export function splitSections(stdout: string, nonce: string): Sections {
  const state: Splitting = {
    sections: new Map(),
    begun: new Set(),
    damaged: new Set(),
    open: undefined,
    isDone: false,
  };
  for (const mark of marksIn(stdout, `@@${nonce} `)) applyMark(state, stdout, mark);
  if (state.isDone && state.open !== undefined) state.damaged.add(state.open.name);
  for (const name of state.damaged) state.sections.delete(name);
  return { sections: state.sections, isDone: state.isDone && state.open === undefined, damaged: [...state.damaged] };
}

/** Whole lines only: the last one of an output still coming may be half a mark. */
function* marksIn(stdout: string, prefix: string): Generator<Mark> {
  let start = stdout.startsWith(prefix) ? 0 : nextMark(stdout, prefix, 0);
  while (start >= 0) {
    const newline = stdout.indexOf("\n", start);
    if (newline < 0) return;
    yield { start, end: newline + 1, words: stdout.slice(start + prefix.length, newline).split(" ") };
    start = nextMark(stdout, prefix, newline);
  }
}

function nextMark(stdout: string, prefix: string, from: number): number {
  const newline = stdout.indexOf(`\n${prefix}`, from);
  return newline < 0 ? -1 : newline + 1;
}

function applyMark(state: Splitting, stdout: string, mark: Mark): void {
  const [verb, name = "", exitCode = ""] = mark.words;
  const isSafeName = /^[a-z0-9.-]{1,200}$/.test(name);
  if (verb === "begin" && isSafeName && mark.words.length === 2) return begin(state, name, mark);
  if (verb === "end" && isSafeName && /^\d{1,3}$/.test(exitCode) && mark.words.length === 3) {
    return end(state, name, { text: textBefore(state, stdout, mark), exitCode: Number(exitCode) });
  }
  if (verb === "done" && mark.words.length === 1) {
    state.isDone = true;
  } else if (state.open !== undefined) {
    state.damaged.add(state.open.name);
  }
}

function begin(state: Splitting, name: string, mark: Mark): void {
  if (state.begun.has(name) || state.isDone) state.damaged.add(name);
  if (state.open !== undefined) {
    // Either the open one lost its end, or two ran into each other: then neither text can be told apart.
    state.damaged.add(state.open.name);
    state.damaged.add(name);
  }
  state.begun.add(name);
  state.open = { name, start: mark.end };
}

function end(state: Splitting, name: string, section: { text: string | undefined; exitCode: number }): void {
  const { open } = state;
  state.open = undefined;
  if (open?.name !== name || section.text === undefined || section.exitCode > 255 || state.isDone) {
    state.damaged.add(name);
    if (open !== undefined) state.damaged.add(open.name);
    return;
  }
  state.sections.set(name, { text: section.text, exitCode: section.exitCode });
}

/** Undefined when even the newline before the mark is missing. */
function textBefore(state: Splitting, stdout: string, mark: Mark): string | undefined {
  const end = mark.start - 1;
  return state.open !== undefined && state.open.start <= end ? stdout.slice(state.open.start, end) : undefined;
}
