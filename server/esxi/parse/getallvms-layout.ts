/**
 * The columns of `getallvms`. Each is as wide as its longest cell, three blanks apart; cells stand at the left, headings
 * in the middle (measured over captures of 5.x to 9.0). So the header alone gives each column's width but for one blank,
 * and a row that fits settles that.
 */
import type { ListedVm } from "../driver.ts";

/** Where these columns start; Vmid starts at 0. */
export interface Layout {
  readonly name: number;
  readonly file: number;
  readonly guest: number;
  readonly version: number;
}

const gap = "   ";
const longestVersion = 16;

export function isHeader(line: string): boolean {
  return line.length < 20_000 && /^ {0,3}Vmid +Name +File +Guest OS +Version(?: +Annotation)? *$/.test(line);
}

/** The layout that the header and the most of these lines agree on; `undefined` if the first line has no place in any. */
export function findLayout(header: string, lines: readonly string[]): Layout | undefined {
  const [first, ...others] = lines;
  if (first === undefined) return undefined;
  const fitting = [...possibleLayouts(header)].filter((layout) => readRow(first, layout) !== undefined);
  if (fitting.length <= 1) return fitting[0];
  const counts = fitting.map((layout) => others.filter((line) => readRow(line, layout) !== undefined).length);
  return fitting[counts.indexOf(Math.max(...counts))];
}

function* possibleLayouts(header: string): Generator<Layout> {
  const version = header.indexOf("Version");
  for (const name of startsAfter("Vmid", { header, start: 0 })) {
    for (const file of startsAfter("Name", { header, start: name })) {
      for (const guest of startsAfter("File", { header, start: file })) {
        if (startsAfter("Guest OS", { header, start: guest }).includes(version)) yield { name, file, guest, version };
      }
    }
  }
}

/** A heading of length h with p blanks at its left stands in a column of width h + 2p or h + 2p + 1. */
function startsAfter(heading: string, column: { header: string; start: number }): readonly number[] {
  const pad = column.header.indexOf(heading) - column.start;
  if (pad < 0) return [];
  const next = column.start + heading.length + 2 * pad + gap.length;
  return [next, next + 1];
}

/**
 * A line's cells, if it fits the layout to the blank. Widths count bytes of UTF-8 (so it looks in the one non-ASCII
 * capture, a damaged one) or characters: both are tried.
 */
export function readRow(line: string, layout: Layout): ListedVm | undefined {
  if (!/^\d{1,10} /.test(line)) return undefined;
  const head = line.slice(0, layout.version + longestVersion);
  const row = cut(head, layout);
  if (row !== undefined || !/[^\t\x20-\x7e]/.test(head)) return row;
  const inBytes = cut(Buffer.from(head, "utf8").toString("latin1"), layout);
  return inBytes && { ...inBytes, name: fromBytes(inBytes.name), datastorePath: fromBytes(inBytes.datastorePath) };
}

function cut(head: string, layout: Layout): ListedVm | undefined {
  const { name, file, guest, version } = layout;
  // Copies often lack the blanks that pad the last cells.
  const line = head.padEnd(version);
  if (![name, file, guest, version].every((start) => line.startsWith(gap, start - gap.length))) return undefined;
  const cell = (start: number, end: number): string => line.slice(start, end).trimEnd();
  const vmid = cell(0, name);
  const path = cell(file, guest);
  const guestId = cell(guest, version);
  const hardware = /^(vmx-\d{1,4})?(?: {3}.*| *)$/.exec(line.slice(version));
  if (!/^\d+$/.test(vmid) || !/^\[.*\]/.test(path) || !/^[\w-]*$/.test(guestId) || hardware === null) return undefined;
  return {
    vmid: Number(vmid),
    // Every VM has a name: an empty cell is a lost one.
    name: cell(name, file) || undefined,
    datastorePath: path,
    guestId: guestId === "" ? undefined : guestId,
    hardwareVersion: hardware[1],
  };
}

function fromBytes(cell: string | undefined): string | undefined {
  return cell === undefined ? undefined : Buffer.from(cell, "latin1").toString("utf8");
}
