import type { CombinedError } from "@urql/core";

/** The API did not answer, or refused the whole request. `message` is for people. */
export class ApiFailure extends Error {
  /** Of the first error, such as `UNAUTHENTICATED`; undefined where the server did not answer. */
  readonly code: string | undefined;
  constructor(message: string, code?: string) {
    super(message);
    this.name = "ApiFailure";
    this.code = code;
  }
}

/** Close codes of a WebSocket by which the server asks who is there. */
export const signedOutCodes: readonly number[] = [4401, 4403];

export function toFailure({ networkError, graphQLErrors, response }: CombinedError): ApiFailure {
  const [first] = graphQLErrors;
  if (first) return new ApiFailure(graphQLErrors.map(({ message }) => message).join(" "), codeOf(first));
  const status = (response as Response | undefined)?.status;
  const closed: unknown = networkError;
  if (status === 401 || (isCloseEvent(closed) && signedOutCodes.includes(closed.code))) {
    return new ApiFailure("You are not signed in (any more).", "UNAUTHENTICATED");
  }
  if (status !== undefined && status >= 400) return new ApiFailure(`The server answered with status ${status}.`);
  return new ApiFailure("The server can't be reached.");
}

function codeOf({ extensions }: { readonly extensions?: Record<string, unknown> }): string | undefined {
  const code = extensions?.["code"];
  return typeof code === "string" ? code : undefined;
}

export function isCloseEvent(error: unknown): error is { readonly code: number } {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "number";
}
