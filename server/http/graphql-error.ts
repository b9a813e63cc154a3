/** What a client is told about a failure. */
import { type ExecutionResult, type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from "graphql";
import { type AppError, type ErrorCode, errorCodes, httpStatusOf, isAppError } from "../errors.ts";
import type { Log } from "../log.ts";

/** Codes of faults in the document itself; all others are those of errors.ts. */
export type DocumentFault = "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED";

/** The names of the library we build on, in our words. */
const ourCodes: Readonly<Record<string, ErrorCode>> = {
  BAD_REQUEST: "INVALID_INPUT",
  OPERATION_RESOLUTION_FAILURE: "INVALID_INPUT",
  REQUEST_ENTITY_TOO_LARGE: "LIMIT_EXCEEDED",
};

export function limitExceeded(message: string): GraphQLError {
  const code: ErrorCode = "LIMIT_EXCEEDED";
  return new GraphQLError(message, { extensions: { code, http: { spec: true, status: httpStatusOf(code) } } });
}

/** Makes public what may be public; anything unexpected is logged with its cause and masked. */
export function createPublicError(log: Log): (thrown: unknown) => GraphQLError {
  return (thrown) => {
    const located = thrown instanceof GraphQLError ? thrown : undefined;
    const root = rootOf(thrown);
    if (isAppError(root)) return fromAppError(root, located);
    if (root instanceof GraphQLError && located !== undefined) {
      const code = located.extensions["code"] ?? root.extensions["code"];
      if (typeof code === "string") return recoded(located, ourCodes[code] ?? code);
      // Faults in variables and operation names have no path; one at a field is a resolver's fault.
      if (located.path === undefined) return recoded(located, "INVALID_INPUT");
    }
    if (isAbort(root)) return new GraphQLError("The request was given up.", { extensions: { code: "CANCELLED" } });
    log.error({ err: root, path: located?.path?.join(".") }, "A request failed unexpectedly");
    return at(located, "Unexpected error; the server's log has the details.", { code: "INTERNAL" });
  };
}

function fromAppError(error: AppError, located: GraphQLError | undefined): GraphQLError {
  return at(located, error.message, { code: error.code });
}

function recoded(error: GraphQLError, code: string): GraphQLError {
  if (error.extensions["code"] === code) return error;
  return at(error, error.message, { ...error.extensions, code });
}

function at(located: GraphQLError | undefined, message: string, extensions: Record<string, unknown>): GraphQLError {
  return new GraphQLError(message, {
    nodes: located?.nodes,
    source: located?.source,
    positions: located?.positions,
    path: located?.path,
    extensions,
  });
}

/** What was thrown in the first place, under the wrappings of the executor. */
function rootOf(thrown: unknown): unknown {
  let root = thrown;
  while (root instanceof GraphQLError) {
    const inner = root.originalError ?? root.cause;
    if (inner === undefined || inner === null) break;
    root = inner;
  }
  return root;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** The HTTP status of an answer that holds nothing but errors. */
export function statusOf(errors: readonly GraphQLError[]): number {
  const [first] = errors;
  const code = errorCodes.find((known) => known === first?.extensions["code"]);
  return code === undefined ? 400 : httpStatusOf(code);
}

/** As it travels: what was meant for the HTTP layer only is left out. */
export function formatted(error: GraphQLError): GraphQLFormattedError {
  const { http: _, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}

export function formattedResult({ errors, ...result }: ExecutionResult): FormattedExecutionResult {
  return errors === undefined ? result : { ...result, errors: errors.map(formatted) };
}
