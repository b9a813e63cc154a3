import { inspect, isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { createSecret } from "./secret.ts";

const text = "correct horse battery";

test("a secret is revealed only where it is asked to", () => {
  expect(createSecret(text).reveal()).toBe(text);
});

test("nothing else prints a secret", () => {
  const secret = createSecret(text);
  const printed = [
    `a template with ${secret as unknown as string} in it`,
    "a sum with ".concat(secret as unknown as string),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: { secret } }, { depth: 9, showHidden: true, customInspect: false, getters: true }),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify({ ...secret }),
    String(Object.getOwnPropertyDescriptor(secret, "reveal")?.value),
    new Error("x", { cause: secret }).stack ?? "",
  ];
  for (const line of printed) expect(line).not.toContain(text);
});

test("secrets of the same text are deep-equal, of different texts are not", () => {
  expect(isDeepStrictEqual({ at: createSecret(text) }, { at: createSecret(text) })).toBe(true);
  expect(isDeepStrictEqual({ at: createSecret(text) }, { at: createSecret(`${text}!`) })).toBe(false);
});
