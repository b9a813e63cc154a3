import type { Sessions } from "./sessions.ts";
import type { TokenCheck } from "./token-check.ts";
import { localViewer, sessionViewer, tokenViewer, type Viewer } from "./viewer.ts";

/** What a request brought along. Anything may be given; only strings of the fixed forms are looked at. */
export interface Presented {
  /** The header on HTTP and SSE, `connectionParams.authorization` on WebSocket. Where given, it alone decides. */
  readonly authorization: unknown;
  /** The session's text from the cookie. */
  readonly session: string | undefined;
  /** Of the sender, for the log. */
  readonly address: string | undefined;
}

/** Who is asking. Undefined: nobody we know. */
export type Authenticate = (presented: Presented) => Viewer | undefined;

export interface Credentials {
  readonly isToken: TokenCheck;
  readonly sessions: Sessions;
  /** Hears of each wrong token. */
  readonly onWrongToken: (address: string | undefined) => void;
}

const bearerPattern = /^Bearer ([\x21-\x7e]{1,512})$/i;

/** Without a token (undefined) everybody is the local viewer: the server then listens on loopback only. */
export function createAuthenticate(credentials: Credentials | undefined): Authenticate {
  if (credentials === undefined) return () => localViewer;
  const { isToken, sessions, onWrongToken } = credentials;
  return ({ authorization, session: text, address }) => {
    if (authorization === undefined) {
      const session = sessions.read(text);
      return session && sessionViewer(session);
    }
    const given = typeof authorization === "string" ? bearerPattern.exec(authorization)?.[1] : undefined;
    if (isToken(given)) return tokenViewer;
    onWrongToken(address);
    return undefined;
  };
}
