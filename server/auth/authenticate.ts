import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../config.ts";
import { localViewer, tokenViewer, type Viewer } from "./viewer.ts";

/**
 * Who is asking, by what was presented as `Authorization`: the header on HTTP and SSE, `connectionParams.authorization`
 * on WebSocket. Undefined: nobody we know. Anything may be given; only a string of the fixed form is looked at.
 */
export type Authenticate = (authorization: unknown) => Viewer | undefined;

const bearerPattern = /^Bearer ([\x21-\x7e]{1,512})$/i;

/** Without a token everybody is the local viewer: the server then listens on loopback only. */
export function createAuthenticate(token: Secret | undefined): Authenticate {
  if (token === undefined) return () => localViewer;
  const expected = hashed(token.reveal());
  return (authorization) => {
    if (typeof authorization !== "string") return undefined;
    const given = bearerPattern.exec(authorization)?.[1];
    return given !== undefined && timingSafeEqual(hashed(given), expected) ? tokenViewer : undefined;
  };
}

/** Equal length whatever was given, so that the comparison tells nothing. */
function hashed(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
