/** Comma-separated values as `esxcli --formatter=csv` prints them, with LF line ends. */
import type { Parsed } from "./parsed.ts";

/**
 * Cells of each line; blank lines are left out. A cell in quotes may hold commas, line ends and doubled quotes; a quote
 * inside that no comma or line end follows stands for itself. The only failure is a quote that is never closed.
 */
export function parseCsv(text: string): Parsed<readonly (readonly string[])[]> {
  const records: (readonly string[])[] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at + 1) : plainCell(text, at);
    if (cell === undefined) return { failed: "a quoted cell has no end" };
    cells.push(cell.value);
    at = cell.end + 1;
    // A comma at the very end of the text opens one more, empty cell, as it does at a line's end.
    if (text[cell.end] === "," && at < text.length) continue;
    if (text[cell.end] === ",") cells.push("");
    if (cells.some((value) => value !== "")) records.push(cells);
    cells = [];
  }
  return { ok: records };
}

interface Cell {
  readonly value: string;
  /** Offset of the comma or line end after it. */
  readonly end: number;
}

function plainCell(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && text[end] !== "," && text[end] !== "\n") end += 1;
  return { value: text.slice(start, end), end };
}

function quotedCell(text: string, start: number): Cell | undefined {
  for (let quote = text.indexOf('"', start); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    const next = text[quote + 1];
    if (next === '"') quote += 1;
    else if (next === undefined || next === "," || next === "\n") {
      return { value: text.slice(start, quote).replaceAll('""', '"'), end: quote + 1 };
    }
  }
  return undefined;
}
