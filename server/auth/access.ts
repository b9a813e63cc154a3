/** Everything that follows from the server's token, put together. */
import type { Clock } from "../clock.ts";
import type { Secret } from "../config.ts";
import type { Log } from "../log.ts";
import { type Authenticate, createAuthenticate } from "./authenticate.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";
import { createTokenCheck } from "./token-check.ts";
import type { Viewer } from "./viewer.ts";
import { createWrongTokenLog } from "./wrong-token-log.ts";

export interface Access {
  readonly authenticate: Authenticate;
  /** Undefined: the server has no token, and nobody needs to sign in. */
  readonly browsers: Browsers | undefined;
  /**
   * For what lives longer than a request: `end` is called once when the viewer's session is over. Answers how not to wait
   * for that any more. Who has no session keeps his rights.
   */
  readonly whenSignedOut: WhenSignedOut;
}

export interface Browsers {
  readonly signIn: SignIn;
  readonly sessions: Sessions;
}

export type WhenSignedOut = (viewer: Viewer, end: () => void) => () => void;

export function createAccess(token: Secret | undefined, { clock, log }: { clock: Clock; log: Log }): Access {
  if (token === undefined) {
    return { authenticate: createAuthenticate(undefined), browsers: undefined, whenSignedOut: () => () => undefined };
  }
  const isToken = createTokenCheck(token);
  const sessions = createSessions(token, clock);
  return {
    authenticate: createAuthenticate({ isToken, sessions, onWrongToken: createWrongTokenLog(log, clock) }),
    browsers: { signIn: createSignIn({ isToken, sessions, clock, log }), sessions },
    whenSignedOut: ({ session }, end) => (session === undefined ? () => undefined : sessions.whenOver(session, end)),
  };
}
