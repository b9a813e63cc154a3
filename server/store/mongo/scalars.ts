/** The door through which what users send enters a query. */
import { AppError } from "../../errors.ts";

/** Text as it came. @throws AppError INVALID_INPUT for anything else: an object would be read as operators */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new AppError("INVALID_INPUT", `Text was expected here, not ${value === null ? "null" : typeof value}.`);
}
