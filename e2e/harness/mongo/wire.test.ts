import { BSON } from "mongodb";
import { describe, expect, test } from "vitest";
import { answerTo, commandIn, createFraming, requestIdOf, responseToOf } from "./wire.ts";

/** As a driver sends an insert: the command, with its documents in a section of their own, in front or behind. */
function insertOf(requestId: number, order: "documents first" | "command first"): Buffer {
  const command = section(0, BSON.serialize({ insert: "vms", $db: "ecoman" }));
  const document = BSON.serialize({ _id: 1 });
  const size = Buffer.alloc(4);
  size.writeInt32LE(4 + "documents\0".length + document.length);
  const documents = section(1, Buffer.concat([size, Buffer.from("documents\0"), document]));
  const parts = order === "command first" ? [command, documents] : [documents, command];
  const message = Buffer.concat([Buffer.alloc(20), ...parts]);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(requestId, 4);
  message.writeInt32LE(2013, 12);
  return message;
}

const section = (kind: number, bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([kind]), bytes]);

describe("MongoDB's wire protocol", () => {
  test.each(["documents first", "command first"] as const)("a command is found in its message, %s", (order) => {
    expect(commandIn(insertOf(1, order))).toEqual({
      name: "insert",
      body: { insert: "vms", $db: "ecoman" },
      isAnswered: true,
    });
  });

  test("a command of write concern 0 waits for no answer", () => {
    const message = insertOf(1, "command first");
    message.writeUInt32LE(2, 16);
    expect(commandIn(message)?.isAnswered).toBe(false);
  });

  test("an answer names its request, and reads as it was written", () => {
    const answer = answerTo(4711, { ok: 0, code: 10107 });
    expect(responseToOf(answer)).toBe(4711);
    expect(commandIn(answer)?.body).toEqual({ ok: 0, code: 10107 });
  });

  test("messages are found whole, however TCP cuts them", () => {
    const messages = [1, 2, 3].map((id) => insertOf(id, "command first"));
    const bytes = Buffer.concat(messages);
    for (let size = 1; size <= bytes.length; size += 1) {
      const seen: Buffer[] = [];
      const take = createFraming((message) => seen.push(message));
      for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size));
      expect(seen.map(requestIdOf), `in pieces of ${size}`).toEqual([1, 2, 3]);
      expect(Buffer.concat(seen).equals(bytes), `in pieces of ${size}`).toBe(true);
    }
  });

  test("what is none is refused, not waited for", () => {
    const clientHello = Buffer.from("16030102000100fc0303aabbccddeeff00112233", "hex");
    expect(() => createFraming(() => undefined)(clientHello)).toThrow("Not MongoDB's wire protocol");
  });
});
