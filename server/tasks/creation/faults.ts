/** Faults of a request, each with the way to its field. */
import type { ErrorCode, UserError } from "../../errors.ts";

export function fault(code: ErrorCode, path: readonly string[], message: string): UserError {
  return { code, message, path: ["input", ...path] };
}

export function invalid(path: readonly string[], message: string): UserError {
  return fault("INVALID_INPUT", path, message);
}

export function isFault(value: unknown): value is UserError {
  return typeof value === "object" && value !== null && "message" in value && "code" in value;
}
