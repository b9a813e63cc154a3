import { createHmac, randomBytes } from "node:crypto";
import { inspect } from "node:util";
import type { Secret } from "../config.ts";

/** Lives as long as the process, so that the mark below means nothing outside of it. */
const processKey = randomBytes(32);
const shown = "[secret]";

/**
 * Wraps `text` so that no template, JSON, logger or inspector prints it.
 * Its one enumerable property is a keyed hash: two secrets of the same text are deep-equal (`util.isDeepStrictEqual`),
 * which is how a re-read configuration is compared, and secrets of different texts are not.
 */
export function createSecret(text: string): Secret {
  const mark = createHmac("sha256", processKey).update(text).digest("base64");
  const secret = Object.defineProperties(
    { mark },
    {
      reveal: { value: () => text },
      toString: { value: () => shown },
      toJSON: { value: () => shown },
      [Symbol.toPrimitive]: { value: () => shown },
      [inspect.custom]: { value: () => shown },
    },
  );
  return Object.freeze(secret) as unknown as Secret;
}
