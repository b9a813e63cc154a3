/** Cuts the page that was asked for out of the matching rows. */
import type { PageRequest } from "../inventory.ts";
import { decodeVmCursor } from "./vm-cursor.ts";
import type { VmRow } from "./vm-lists.ts";
import type { SortPlace, VmOrdering } from "./vm-order.ts";

export interface RowPage {
  readonly rows: readonly VmRow[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** `rows` are sorted by `ordering`. @throws AppError INVALID_INPUT for a cursor of another order */
export function cutPage(rows: readonly VmRow[], ordering: VmOrdering, request: PageRequest): RowPage {
  const { first, after, last, before } = request;
  const from = after === undefined ? 0 : countUpTo(decodeVmCursor(ordering, after), true);
  const to = before === undefined ? rows.length : countUpTo(decodeVmCursor(ordering, before), false);
  const start = last === undefined ? from : Math.max(from, to - last);
  const end = Math.max(start, first === undefined ? to : Math.min(to, from + first));

  /** How many rows stand before the place, or before it and at it. */
  function countUpTo(place: SortPlace, including: boolean): number {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = rows[middle];
      const difference = row === undefined ? 1 : ordering.compare(row, place);
      if (difference < 0 || (including && difference === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return { rows: rows.slice(start, end), hasNextPage: end < rows.length, hasPreviousPage: start > 0 };
}
