/** Trades the token for a session, and bounds how often it can be guessed. */
import type { Clock } from "../clock.ts";
import type { Secret } from "../config.ts";
import type { Log } from "../log.ts";
import { createTokenCheck } from "./authenticate.ts";
import { createGuessLimit } from "./guess-limit.ts";
import type { Issued, Sessions } from "./sessions.ts";

export type Attempt =
  | { readonly outcome: "signedIn"; readonly issued: Issued }
  | { readonly outcome: "wrong" }
  /** What was given was not even looked at. */
  | { readonly outcome: "tooMany"; readonly waitSeconds: number };

export interface SignIn {
  readonly sessions: Sessions;
  /** Anything may be given as the token; `address` is whence. */
  attempt(token: unknown, address: string): Attempt;
}

export interface SignInOptions {
  readonly token: Secret;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly log: Log;
}

export function createSignIn({ token, sessions, clock, log }: SignInOptions): SignIn {
  const isToken = createTokenCheck(token);
  const limit = createGuessLimit(clock);
  return {
    sessions,
    attempt(given, address) {
      const waitSeconds = limit.waitSeconds(address);
      if (waitSeconds !== undefined) return { outcome: "tooMany", waitSeconds };
      if (isToken(given)) {
        log.info({ address }, "Somebody signed in with the token");
        return { outcome: "signedIn", issued: sessions.open() };
      }
      limit.wrong(address);
      log.warn({ address }, "Somebody tried to sign in with a wrong token");
      return { outcome: "wrong" };
    },
  };
}
