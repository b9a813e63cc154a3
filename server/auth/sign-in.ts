/** Trades the token for a session, and bounds how often it can be guessed. */
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { createGuessLimit } from "./guess-limit.ts";
import type { Issued, Sessions } from "./sessions.ts";
import type { TokenCheck } from "./token-check.ts";

export type Attempt =
  | { readonly outcome: "SIGNED_IN"; readonly issued: Issued }
  | { readonly outcome: "WRONG_TOKEN" }
  /** What was given was not even looked at. */
  | { readonly outcome: "TOO_MANY"; readonly waitSeconds: number };

/** `address` is where the request came from. */
export type SignIn = (token: string, address: string) => Attempt;

export interface SignInOptions {
  readonly isToken: TokenCheck;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly log: Log;
}

export function createSignIn({ isToken, sessions, clock, log }: SignInOptions): SignIn {
  const limit = createGuessLimit(clock);
  return (token, address) => {
    const waitSeconds = limit.waitSeconds(address);
    if (waitSeconds !== undefined) return { outcome: "TOO_MANY", waitSeconds };
    if (isToken(token)) {
      log.info({ address }, "Somebody signed in with the token");
      return { outcome: "SIGNED_IN", issued: sessions.open() };
    }
    limit.wrong(address);
    log.warn({ address }, "Somebody tried to sign in with a wrong token");
    return { outcome: "WRONG_TOKEN" };
  };
}
