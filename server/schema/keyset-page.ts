import { AppError } from "../errors.ts";
import type { PageRequest } from "../inventory.ts";
import type { Page } from "./connection.ts";

/**
 * One page of a list that is sorted by a unique key. The cursor is the key, so it stays valid while rows come and go.
 * @throws AppError INVALID_INPUT for a cursor that was not made here
 */
export function keysetPage<Item>(
  sorted: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
): Page<Item> {
  const after = request.after === undefined ? undefined : keyIn(request.after);
  const before = request.before === undefined ? undefined : keyIn(request.before);
  const from = after === undefined ? 0 : sorted.filter((item) => keyOf(item) <= after).length;
  const until = before === undefined ? sorted.length : sorted.filter((item) => keyOf(item) < before).length;
  const [start, end] =
    request.last === undefined
      ? [from, Math.min(until, from + (request.first ?? sorted.length))]
      : [Math.max(from, until - request.last), until];
  const items = sorted.slice(start, Math.max(start, end));
  return {
    items,
    cursors: items.map((item) => cursorOf(keyOf(item))),
    hasNextPage: end < sorted.length,
    hasPreviousPage: start > 0,
    totalCount: sorted.length,
  };
}

function cursorOf(key: string): string {
  return Buffer.from(`k${key}`).toString("base64url");
}

function keyIn(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString();
  if (text.startsWith("k") && cursorOf(text.slice(1)) === cursor) return text.slice(1);
  throw new AppError("INVALID_INPUT", "This cursor was not made by this list; take it from `pageInfo` or an edge.");
}
