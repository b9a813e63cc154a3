/**
 * `vim-cmd vmsvc/getallvms`.
 *
 * Notes are printed raw as the last column: their second and later lines stand at the line's start with no mark, and may
 * look like a row or like the header. What tells a row from such a line: it fits the columns to the blank, its id is
 * registered and comes once, and ids come in string order (1, 10, 2; in all captures). A line in doubt gives only its id,
 * one with an id that is not registered among them.
 */
import type { ListedVm, Listing } from "../driver.ts";
import { parseFault } from "./fault.ts";
import { findLayout, isHeader, readRow } from "./getallvms-layout.ts";
import { cutLooseRows, idOnly, readLooseRow } from "./getallvms-loose.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import { excerpt, type Parsed, withoutTerminalCr } from "./parsed.ts";

/**
 * @param output stdout, with stderr before it or merged into it: the `Skipping invalid VM 'N'` lines come before the
 *   header on either stream.
 * @param registered ids from vmInventory.xml, if they could be read. They are used if they hold the first row's id,
 *   the one row that can't be a note's line; a list that doesn't hold it is of another time.
 */
export function parseAllVms(output: string, registered?: ReadonlySet<number>): Parsed<Listing> {
  const lines = withoutTerminalCr(output).split("\n");
  const headerIndex = lines.findIndex(isHeader);
  const header = lines[headerIndex];
  if (header === undefined) {
    return { failed: parseFault(output)?.message ?? hostdTrouble(output) ?? `no list of VMs in: ${excerpt(output)}` };
  }
  const invalid = lines.slice(0, headerIndex).flatMap(invalidIdIn);
  const body = lines.slice(headerIndex + 1);
  return {
    ok: { vms: readRows({ header, body, registered, invalid: new Set(invalid) }), invalid: [...new Set(invalid)] },
  };
}

interface Table {
  readonly header: string;
  /** The lines after the header. */
  readonly body: readonly string[];
  readonly registered: ReadonlySet<number> | undefined;
  readonly invalid: ReadonlySet<number>;
}

function invalidIdIn(line: string): readonly number[] {
  const id = /^Skipping invalid VM '(\d{1,10})'/.exec(line.trim())?.[1];
  return id === undefined ? [] : [Number(id)];
}

function readRows(table: Table): readonly ListedVm[] {
  const layout = findLayout(table.header, table.body);
  const rows =
    layout === undefined
      ? cutLooseRows(table.body.flatMap((line) => readLooseRow(line) ?? []))
      : table.body.flatMap((line) => readRow(line, layout) ?? []);
  const registered = credibleIds(table);
  const settled = settle(registered ? rows.filter((row) => registered.has(row.vmid)) : rows);
  // A line of a note, or a row whose entry in the register was lost.
  const unregistered = registered ? rows.filter((row) => !registered.has(row.vmid)).map((row) => idOnly(row.vmid)) : [];
  return [...settled, ...strays({ ...table, registered }, settled), ...settle(unregistered)];
}

function credibleIds({ body, registered }: Table): ReadonlySet<number> | undefined {
  const first = leadingId(body[0] ?? "");
  return first !== undefined && registered?.has(first) ? registered : undefined;
}

function leadingId(line: string): number | undefined {
  const id = /^ {0,8}(\d{1,10}) /.exec(line.slice(0, 20))?.[1];
  return id === undefined ? undefined : Number(id);
}

/** One row for each id; only its id where it comes twice or out of order. */
function settle(rows: readonly ListedVm[]): readonly ListedVm[] {
  const doubtful = outOfOrder(rows);
  const byId = new Map<number, ListedVm>();
  for (const row of rows) byId.set(row.vmid, byId.has(row.vmid) || doubtful.has(row) ? idOnly(row.vmid) : row);
  return [...byId.values()];
}

/** Rows that stand after a greater id or before a smaller one, by string order; none if all are in order of number. */
function outOfOrder(rows: readonly ListedVm[]): ReadonlySet<ListedVm> {
  const doubtful = new Set<ListedVm>();
  if (rows.every((row, index) => index === 0 || (rows[index - 1]?.vmid ?? 0) < row.vmid)) return doubtful;
  let greatest = "";
  for (const row of rows) {
    if (String(row.vmid) < greatest) doubtful.add(row);
    else greatest = String(row.vmid);
  }
  let smallest: string | undefined;
  for (const row of rows.toReversed()) {
    if (smallest !== undefined && String(row.vmid) > smallest) doubtful.add(row);
    else smallest = String(row.vmid);
  }
  return doubtful;
}

/**
 * Ids of rows that don't fit: their widths were counted in another way, or something in them is unheard of or damaged.
 * Each that begins a line with a `[` in it and has no row; with the registered ids at hand, only those.
 */
function strays(table: Table, rows: readonly ListedVm[]): readonly ListedVm[] {
  const seen = new Set([...table.invalid, ...rows.map((row) => row.vmid)]);
  return table.body.flatMap((line): readonly ListedVm[] => {
    const vmid = leadingId(line);
    const isRegistered = vmid !== undefined && (table.registered?.has(vmid) ?? true);
    if (!isRegistered || seen.has(vmid) || !line.includes(" [")) return [];
    seen.add(vmid);
    return [idOnly(vmid)];
  });
}
