import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../config.ts";

/** Is this the server's token? Anything may be given; what is no string is not compared. */
export type TokenCheck = (given: unknown) => boolean;

export function createTokenCheck(token: Secret): TokenCheck {
  const expected = hashed(token.reveal());
  return (given) => typeof given === "string" && timingSafeEqual(hashed(given), expected);
}

/** Equal length whatever was given, so that the comparison tells nothing. */
function hashed(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
