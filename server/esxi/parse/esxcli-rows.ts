/**
 * The forms in which esxcli and localcli print lists: csv, a table under a row of dashes, `   Key: value` blocks.
 *
 * A row maps a column to its cell. Columns are named alike in all forms and versions: lower case, letters and digits
 * only (`Display Name` and csv's `DisplayName` are `displayname`).
 */
import { parseCsv } from "./csv.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import { excerpt, type Parsed, withoutTerminalCr } from "./parsed.ts";

export type EsxcliRow = ReadonlyMap<string, string>;

/**
 * The rows of a list that has at least these columns. Lines before its header (warnings) are skipped. What has no such
 * header or blocks is a failure, and so is a row that has other columns than its header. A blank text is an empty list:
 * that is how esxcli prints one, so it must be known from its exit code that it did its work. Never throws.
 */
export function parseRows(output: string, columns: readonly string[]): Parsed<readonly EsxcliRow[]> {
  const text = withoutTerminalCr(output);
  if (text.trim() === "") return { ok: [] };
  const lines = text.split("\n");
  const hasAll = (names: readonly string[]): boolean => columns.every((column) => names.includes(column));
  const csvHeader = lines.findIndex(
    (line) => line.length < 2_000 && line.includes(",") && hasAll(line.split(",").map(columnName)),
  );
  if (csvHeader >= 0) return readCsv(lines.slice(csvHeader).join("\n"));
  const dashes = lines.findIndex((line, index) => index > 0 && /^-+(?: +-+)*\s*$/.test(line));
  const rows = dashes > 0 ? readTable(lines.slice(dashes - 1)) : { ok: readBlocks(lines) };
  if ("failed" in rows) return rows;
  const isWhole =
    dashes > 0 ? hasAll(tableColumns(lines.slice(dashes - 1))) : rows.ok.every((row) => hasAll([...row.keys()]));
  return isWhole ? rows : { failed: hostdTrouble(text) ?? `no such list in: ${excerpt(text)}` };
}

function columnName(heading: string): string {
  return heading.replaceAll(/[^A-Za-z0-9]/g, "").toLowerCase();
}

/** Every line ends in a comma, the header too: an empty last column, left out here. */
function readCsv(text: string): Parsed<readonly EsxcliRow[]> {
  const records = parseCsv(text);
  if ("failed" in records) return records;
  const [header = [], ...others] = records.ok;
  const names = header.map(columnName);
  const rows: EsxcliRow[] = [];
  for (const cells of others) {
    if (cells.length !== names.length) return { failed: `a line does not fit its header: ${excerpt(cells.join(","))}` };
    rows.push(rowOf(names, cells));
  }
  return { ok: rows };
}

function rowOf(names: readonly string[], cells: readonly string[]): EsxcliRow {
  return new Map(names.flatMap((name, index) => (name === "" ? [] : [[name, cells[index] ?? ""]])));
}

/** `lines` begins with the headings; the row of dashes comes next and gives each column's width but the last one's. */
function readTable(lines: readonly string[]): Parsed<readonly EsxcliRow[]> {
  const starts = columnStarts(lines);
  const names = tableColumns(lines);
  const rows: EsxcliRow[] = [];
  for (const line of lines.slice(2)) {
    if (line.trim() === "") continue;
    // Whether widths count characters or bytes is not known: the gaps between the columns tell.
    const cells = cutCells(line, starts) ?? cutBytes(line, starts);
    if (cells === undefined) return { failed: `a line does not fit its columns: ${excerpt(line)}` };
    rows.push(rowOf(names, cells));
  }
  return { ok: rows };
}

function columnStarts(lines: readonly string[]): readonly number[] {
  return [...(lines[1] ?? "").matchAll(/-+/g)].map((dashes) => dashes.index);
}

function tableColumns(lines: readonly string[]): readonly string[] {
  return (cutCells(lines[0] ?? "", columnStarts(lines)) ?? []).map(columnName);
}

function cutCells(line: string, starts: readonly number[]): readonly string[] | undefined {
  if (!starts.every((start) => line.slice(Math.max(start - 2, 0), start).trim() === "")) return undefined;
  return starts.map((start, index) => line.slice(start, starts[index + 1]).trim());
}

function cutBytes(line: string, starts: readonly number[]): readonly string[] | undefined {
  const cells = cutCells(Buffer.from(line, "utf8").toString("latin1"), starts);
  return cells?.map((cell) => Buffer.from(cell, "latin1").toString("utf8"));
}

/**
 * A blank line, a heading at the line's start or a key that was there already begins a new block. The heading is not
 * kept: it is repeated inside.
 */
function readBlocks(lines: readonly string[]): readonly EsxcliRow[] {
  const blocks: Map<string, string>[] = [];
  let open: Map<string, string> | undefined;
  for (const line of lines) {
    if (line.trim() === "") {
      open = undefined;
      continue;
    }
    const [, heading, value = ""] = /^ {3}([A-Za-z][\w /-]*):(?: (.*))?$/.exec(line) ?? [];
    const key = heading === undefined ? undefined : columnName(heading);
    if (open === undefined || key === undefined || open.has(key)) {
      open = new Map();
      blocks.push(open);
    }
    if (key !== undefined) open.set(key, value);
  }
  return blocks;
}
