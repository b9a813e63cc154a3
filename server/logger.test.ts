import { describe, expect, test } from "vitest";
import { createSecret } from "./config/secret.ts";
import { createLogger } from "./logger.ts";

function listen(isTTY = false) {
  const lines: string[] = [];
  const stream = { isTTY, write: (line: string) => lines.push(line) };
  return { stream, lines, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? "{}") };
}

describe("a log line", () => {
  test("is one JSON object with time, level, fields and sentence", () => {
    const { stream, lines, last } = listen();
    createLogger("info", stream).warn({ node: "esx1", ms: 12 }, "esx1 is\nsilent");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]+\n$/);
    expect(last()).toEqual({
      level: "warn",
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      node: "esx1",
      ms: 12,
      msg: "esx1 is\nsilent",
    });
  });

  test("below the level is not written", () => {
    const { stream, lines } = listen();
    const log = createLogger("warn", stream);
    log.debug({}, "a");
    log.info({}, "b");
    log.error({}, "c");
    expect(lines).toHaveLength(1);
    createLogger("silent", stream).error({}, "d");
    expect(lines).toHaveLength(1);
  });

  test("keeps an error with its cause", () => {
    const { stream, last } = listen();
    createLogger("info", stream).error({ error: new Error("outer", { cause: new Error("inner") }) }, "It broke.");
    expect(JSON.stringify(last()["error"])).toMatch(/outer.*inner/);
  });

  test("is short on a terminal, and steers it nowhere", () => {
    const { stream, lines } = listen(true);
    createLogger("info", stream).info({ node: "esx1", note: "\u001b[2Jgone\u009b" }, "one\r\ntwo");
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d INFO {2}one\\x0d\\x0atwo {2}node=esx1 {2}note="/);
    expect(lines[0]).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

const planted = 'pa"ss\\wörd-4711';
const hostileError = Object.assign(new Error(`login with ${planted} failed`), { tried: { password: planted } });
const oddPlaces: readonly [name: string, fields: object, message: string][] = [
  ["the message", {}, `password is ${planted}.`],
  ["a field", { password: planted }, "x"],
  ["deep in a list", { a: [{ b: [{ c: `x${planted}y` }] }] }, "x"],
  ["a key", { [planted]: 1 }, "x"],
  ["an error's message", { err: hostileError }, "x"],
  ["an error's properties", { error: hostileError }, "x"],
  ["an error's cause", { err: new Error("x", { cause: hostileError }) }, "x"],
  ["JSON inside of a string", { body: JSON.stringify({ variables: { password: planted } }) }, "x"],
  ["an address", { url: `https://x/?p=${encodeURIComponent(planted)}` }, "x"],
  ["base64", { header: Buffer.from(planted).toString("base64") }, "x"],
  ["bytes", { stdin: Buffer.from(planted) }, "x"],
  ["an object that prints itself", { thing: { toJSON: () => ({ inner: planted }) } }, "x"],
];

describe("a secret that the log was told of", () => {
  test.each(oddPlaces)("is masked in %s", (_name, fields, message) => {
    const { stream, lines, last } = listen();
    const log = createLogger("info", stream);
    log.hide([createSecret(planted)]);
    log.info(fields, message);
    const line = lines.join("");
    for (const form of [planted, JSON.stringify(planted).slice(1, -1), encodeURIComponent(planted)]) {
      expect(line).not.toContain(form);
    }
    expect(line).not.toContain(Buffer.from(planted).toString("base64"));
    expect(line).not.toContain([...Buffer.from(planted)].join(","));
    expect(last()["level"]).toBe("info");
  });

  test("is masked as a number, and as a short word only where it is a whole value", () => {
    const { stream, last } = listen();
    const log = createLogger("info", stream);
    log.hide([createSecret("123456"), createSecret("on"), createSecret("")]);
    log.info({ pin: 123_456, word: "on", other: "one", count: 1_234_567 }, "turned on");
    expect(last()).toMatchObject({
      pin: "[masked]",
      word: "[masked]",
      other: "one",
      count: 1_234_567,
      msg: "turned on",
    });
  });

  test("does not print through its own object either", () => {
    const { stream, lines } = listen();
    createLogger("info", stream).info(
      { secret: createSecret(planted), all: { credentials: [createSecret(planted)] } },
      "x",
    );
    expect(lines.join("")).not.toContain("4711");
  });
});

describe("what looks like a secret", () => {
  const armour = (word: string) => `-----${word} OPENSSH PRIVATE KEY-----`;
  test.each([
    ["a private key", `${armour("BEGIN")}\nSTEALME\n${armour("END")}`],
    ["a private key that was cut", `${armour("BEGIN")}\nSTEALME`],
    ["a bearer token", "Authorization: Bearer STEALME.abcdefghij"],
    ["basic credentials", "authorization: basic STEALMESTEALMESTEALME=="],
    ["a password in an address", "mongodb://root:STEALME@db/x"],
  ])("is masked: %s", (_name, text) => {
    const { stream, lines } = listen();
    const log = createLogger("info", stream);
    log.info({ headers: { inner: [text] } }, text);
    expect(lines.join("")).not.toContain("STEALME");
  });
});
