import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../config.ts";
import type { Sessions } from "./sessions.ts";
import { localViewer, sessionViewer, tokenViewer, type Viewer } from "./viewer.ts";

/** What a request brought along. Anything may be given; only strings of the fixed forms are looked at. */
export interface Presented {
  /** The header on HTTP and SSE, `connectionParams.authorization` on WebSocket. Where given, it alone decides. */
  readonly authorization: unknown;
  /** The session's text from the cookie. */
  readonly session: string | undefined;
}

/** Who is asking. Undefined: nobody we know. */
export type Authenticate = (presented: Presented) => Viewer | undefined;

const bearerPattern = /^Bearer ([\x21-\x7e]{1,512})$/i;

/** Without a token everybody is the local viewer: the server then listens on loopback only. */
export function createAuthenticate(token: Secret | undefined, sessions: Sessions | undefined): Authenticate {
  if (token === undefined) return () => localViewer;
  const isToken = createTokenCheck(token);
  return ({ authorization, session: text }) => {
    if (authorization === undefined) {
      const session = sessions?.read(text);
      return session && sessionViewer(session);
    }
    const given = typeof authorization === "string" ? bearerPattern.exec(authorization)?.[1] : undefined;
    return isToken(given) ? tokenViewer : undefined;
  };
}

/** Anything may be given; what is no string is not compared. */
export function createTokenCheck(token: Secret): (given: unknown) => boolean {
  const expected = hashed(token.reveal());
  return (given) => typeof given === "string" && timingSafeEqual(hashed(given), expected);
}

/** Equal length whatever was given, so that the comparison tells nothing. */
function hashed(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
