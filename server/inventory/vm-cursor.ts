/** Cursors: the place of a VM in an order, so that they hold when the VM is gone or has moved on. */
import { AppError } from "../errors.ts";
import type { SortPlace, VmOrdering } from "./vm-order.ts";

export function encodeVmCursor(ordering: VmOrdering, { id, keys }: SortPlace): string {
  return Buffer.from(JSON.stringify([ordering.signature, id, ...keys])).toString("base64url");
}

/** @throws AppError INVALID_INPUT for anything but a cursor of this order */
export function decodeVmCursor(ordering: VmOrdering, cursor: string): SortPlace {
  const parts = parseList(Buffer.from(cursor, "base64url").toString());
  if (parts === undefined) {
    throw new AppError(
      "INVALID_INPUT",
      "This is not a cursor of this API. Take `after` and `before` from pageInfo or an edge.",
    );
  }
  const [signature, id, ...keys] = parts;
  if (signature !== ordering.signature || typeof id !== "string" || !ordering.fits(keys)) {
    throw new AppError(
      "INVALID_INPUT",
      "This cursor belongs to another `orderBy`. Read the list from its beginning, or keep the order.",
    );
  }
  return { id, keys };
}

function parseList(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
