/** Rows of a `getallvms` whose columns don't stand where the header says: squeezed, or of widths we can't know. */
import type { ListedVm } from "../driver.ts";

/** Longer than any id, name (80), path and guest id together; what follows is a note. */
const longestHead = 2_000;

export interface LooseRow {
  readonly vmid: number;
  readonly line: string;
  /** Where the File column may start: at each `[` after a blank. */
  readonly fileStarts: readonly number[];
  readonly fileEnd: number;
  readonly guestId: string | undefined;
  readonly hardwareVersion: string | undefined;
}

/** Reads a line that has an id, a .vmx path, a guest id and a version in this order, whatever the blanks between them. */
export function readLooseRow(line: string): LooseRow | undefined {
  const head = line.slice(0, longestHead);
  const id = /^ {0,8}(\d{1,10}) +/.exec(head);
  const tail = id && /\.vmt?x +(?:([\w-]+) +)?(vmx-\d{1,4})(?: |$)/.exec(head);
  if (!id || !tail) return undefined;
  const fileEnd = tail.index + tail[0].indexOf(" ");
  const fileStarts: number[] = [];
  for (let at = head.indexOf(" [", id[0].length - 1); at >= 0 && at < fileEnd; at = head.indexOf(" [", at + 1)) {
    if (at + 1 > id[0].length) fileStarts.push(at + 1);
  }
  return { vmid: Number(id[1]), line, fileStarts, fileEnd, guestId: tail[1], hardwareVersion: tail[2] };
}

/**
 * Cuts loose rows. The File column starts at the one offset that all rows share; a row where that is not clear is left
 * with its id.
 */
export function cutLooseRows(rows: readonly LooseRow[]): readonly ListedVm[] {
  const counts = new Map<number, number>();
  for (const start of rows.flatMap((row) => row.fileStarts)) counts.set(start, (counts.get(start) ?? 0) + 1);
  const shared = [...counts].flatMap(([start, count]) => (count === rows.length ? [start] : []));
  return rows.map((row) => {
    const [only] = row.fileStarts;
    if (shared.length === 1 && shared[0] !== undefined) return cutAt(row, shared[0]);
    return row.fileStarts.length === 1 && only !== undefined ? cutAt(row, only) : idOnly(row.vmid);
  });
}

export function idOnly(vmid: number): ListedVm {
  return { vmid, name: undefined, datastorePath: undefined, guestId: undefined, hardwareVersion: undefined };
}

function cutAt(row: LooseRow, start: number): ListedVm {
  return {
    vmid: row.vmid,
    name: row.line
      .slice(0, start)
      .replace(/^ *\d+ +/, "")
      .trimEnd(),
    datastorePath: row.line.slice(start, row.fileEnd),
    guestId: row.guestId,
    hardwareVersion: row.hardwareVersion,
  };
}
