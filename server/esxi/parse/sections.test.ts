import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitSections } from "./sections.ts";

const nonce = "5f0c";
const begin = (name: string): string => `@@${nonce} begin ${name}\n`;
const end = (name: string, exitCode = 0): string => `\n@@${nonce} end ${name} ${exitCode}\n`;
const done = `@@${nonce} done\n`;
const section = (name: string, text: string, exitCode = 0): string => begin(name) + text + end(name, exitCode);

function read(stdout: string): { texts: object; isDone: boolean; damaged: readonly string[] } {
  const { sections, isDone, damaged } = splitSections(stdout, nonce);
  return { texts: Object.fromEntries([...sections].map(([name, { text }]) => [name, text])), isDone, damaged };
}

describe("a whole output", () => {
  test("gives each section to the byte, with its exit code", () => {
    const stdout =
      section("list", "one\ntwo\n", 3) + section("vm.12.1700000000", "no line end") + section("none", "") + done;
    expect(read(stdout)).toEqual({
      texts: { list: "one\ntwo\n", "vm.12.1700000000": "no line end", none: "" },
      isDone: true,
      damaged: [],
    });
    expect(splitSections(stdout, nonce).sections.get("list")?.exitCode).toBe(3);
  });

  test("whatever its sections print", () => {
    const text = fc
      .array(fc.constantFrom("\n", "\r\n", "@@", "@@5f0c", "@@other end list 0\n", "x@@5f0c done\n", "x"))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        const stdout = texts.map((words, index) => section(`s${index}`, words)).join("") + done;
        const expected = Object.fromEntries(texts.map((words, index) => [`s${index}`, words]));
        expect(read(stdout)).toEqual({ texts: expected, isDone: true, damaged: [] });
      }),
    );
  });
});

describe("an output that is still coming, or was cut", () => {
  const stdout = section("a", "first\n") + section("b", "second\n", 12) + done;

  test("gives the sections that are whole, at every byte", () => {
    for (let length = 0; length < stdout.length; length += 1) {
      const { texts, isDone, damaged } = read(stdout.slice(0, length));
      const hasA = length >= section("a", "first\n").length;
      const hasB = length >= stdout.length - done.length;
      expect({ length, texts, isDone, damaged }).toEqual({
        length,
        texts: { ...(hasA && { a: "first\n" }), ...(hasB && { b: "second\n" }) },
        isDone: false,
        damaged: [],
      });
    }
  });
});

describe("marks that don't fit", () => {
  test.each<[string, string, readonly string[]]>([
    ["an end that was lost", begin("a") + "x\n" + section("b", "y") + section("c", "z") + done, ["a", "b"]],
    ["a begin that was lost", `x${end("a")}${section("c", "z")}${done}`, ["a"]],
    ["sections that cross", begin("a") + begin("b") + end("a") + end("b") + section("c", "z") + done, ["a", "b"]],
    ["a section in another", begin("a") + section("b", "y") + end("a") + section("c", "z") + done, ["a", "b"]],
    ["a section that comes twice", section("a", "x") + section("a", "x") + section("c", "z") + done, ["a"]],
    ["an end that comes twice", section("a", "x") + end("a") + section("c", "z") + done, ["a"]],
    ["an exit code that is none", `${begin("a")}x\n@@5f0c end a 256\n${section("c", "z")}${done}`, ["a"]],
    ["a mark that was garbled", `${begin("a")}x\n@@5f0c ned a 0\n${end("a")}${section("c", "z")}${done}`, ["a"]],
    ["a mark's own line end that was lost", `${begin("a")}@@5f0c end a 0\n${section("c", "z")}${done}`, ["a"]],
    ["a section after the end", section("c", "z") + done + section("a", "x"), ["a"]],
    ["a section that is open at the end", section("c", "z") + begin("a") + done, ["a"]],
  ])("%s", (_, stdout, damaged) => {
    const result = read(stdout);
    expect(result.texts).toEqual({ c: "z" });
    expect(new Set(result.damaged)).toEqual(new Set(damaged));
  });

  test("a line removed anywhere never changes a text unnoticed but by that line", () => {
    const texts = { a: "1\n2\n", b: "3\n", c: "4\n5" };
    const lines = (
      Object.entries(texts)
        .map(([name, text]) => section(name, text))
        .join("") + done
    ).split("\n");
    for (const index of lines.slice(0, -1).keys()) {
      const result = read(lines.toSpliced(index, 1).join("\n"));
      const isMark = lines[index]?.startsWith("@@");
      expect(result.damaged.length > 0 || !result.isDone || !isMark).toBe(true);
      for (const [name, text] of Object.entries(result.texts)) {
        expect(texts[name as keyof typeof texts].startsWith(text) || !isMark).toBe(true);
      }
    }
  });
});
