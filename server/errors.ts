/**
 * The one vocabulary of failure. Every expected failure is an AppError with a code from this table;
 * anything else that is thrown is a bug, masked at the edge and logged with its cause.
 */

/** code → [HTTP status, may the same request be tried again unchanged]. */
const table = {
  INVALID_INPUT: [400, false],
  UNAUTHENTICATED: [401, false],
  FORBIDDEN: [403, false],
  NOT_FOUND: [404, false],
  CONFLICT: [409, false],
  LIMIT_EXCEEDED: [413, false],
  /** The host does not answer: no TCP, no SSH, or the line fell silent or was cut. */
  HOST_UNREACHABLE: [503, true],
  /** The host answers, but gives no channel or another task holds the VM. */
  HOST_BUSY: [503, true],
  /** The host answers, but its management agent (hostd) does not. */
  HOSTD_DOWN: [503, true],
  /** The host refused our credentials. */
  AUTH_FAILED: [502, false],
  HOST_KEY_UNKNOWN: [502, false],
  HOST_KEY_MISMATCH: [502, false],
  NODE_DISABLED: [409, false],
  /** The host's output was cut, garbled or too large, so nothing of it was used. */
  OUTPUT_DAMAGED: [502, true],
  /** The host said no, in its own words. */
  HOST_REFUSED: [502, false],
  LICENSE_RESTRICTED: [502, false],
  OUT_OF_SPACE: [507, false],
  TOOLS_NOT_RUNNING: [409, false],
  QUESTION_PENDING: [409, false],
  /** The guest was asked and did not do it in time. */
  GUEST_DID_NOT_RESPOND: [504, false],
  /** The command was sent and its outcome could not be observed. */
  OUTCOME_UNKNOWN: [504, false],
  /** A deadline passed before anything was sent. */
  TIMEOUT: [504, true],
  CANCELLED: [499, false],
  /** Another server looks after the node by now; what this one would have written or done was left. */
  LEASE_LOST: [503, true],
  /** The database does not answer. */
  STORE_UNREACHABLE: [503, true],
  SHUTTING_DOWN: [503, true],
  INTERNAL: [500, false],
} as const satisfies Record<string, readonly [httpStatus: number, retryable: boolean]>;

export type ErrorCode = keyof typeof table;
export const errorCodes = Object.keys(table) as readonly ErrorCode[];

export function httpStatusOf(code: ErrorCode): number {
  return table[code][0];
}

export function isRetryable(code: ErrorCode): boolean {
  return table[code][1];
}

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** What the host printed, kept as it came (capped by whoever read it). */
  readonly hostOutput?: string;
}

/** `message` says what happened, where, what the host said and what to do next; it never holds a secret. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly hostOutput: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hostOutput = options.hostOutput;
  }
}

export function isAppError(value: unknown, code?: ErrorCode): value is AppError {
  return value instanceof AppError && (code === undefined || value.code === code);
}

/** The AppError itself, or an INTERNAL one that keeps the thrown thing as its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError("INTERNAL", "Something in ECoMan failed unexpectedly; the server's log has the details.", {
    cause: thrown,
  });
}

/** An expected failure of a mutation, as data: `path` leads to the input field, such as ["input", "vmId"]. */
export interface UserError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: readonly string[];
}
