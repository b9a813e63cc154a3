import { spawnSync } from "node:child_process";
import { array, assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { hereDocument, quoteCommand, quoteNumber, quoteWord } from "./quote.ts";

const hasAsh = spawnSync("busybox", ["ash", "-c", "true"]).status === 0;

/** What ash makes of a script, to the byte. */
function ash(script: string): string {
  return spawnSync("busybox", ["ash", "-s"], { input: script, encoding: "utf8" }).stdout;
}

const word = string({ unit: "binary", maxLength: 60 }).filter((text) => !/[\0\r\n]/.test(text) && text.isWellFormed());

describe("quoteWord", () => {
  it("leaves plain words as a person would type them", () => {
    expect(quoteCommand(["vim-cmd", "vmsvc/power.on", "12"])).toBe("vim-cmd vmsvc/power.on 12");
    expect(quoteWord("/vmfs/volumes/ds 1/a.vmx")).toBe("'/vmfs/volumes/ds 1/a.vmx'");
    expect(quoteWord("it's")).toBe(String.raw`'it'\''s'`);
    expect(quoteWord("")).toBe("''");
  });

  it.each(["a\nb", "a\rb", "a\0b"])("refuses what no shell word can hold: %j", (text) => {
    expect(() => quoteWord(text)).toThrow(/line break or NUL/);
  });

  it.skipIf(!hasAsh)("comes through busybox ash unchanged, whatever it holds (needs busybox)", () => {
    const hostile = [
      "$(id)",
      "`id`",
      "; rm -rf /",
      "-rf",
      "*",
      "\\",
      "'",
      '"',
      "$HOME",
      "~root",
      "[ds] a b",
      "#",
      "&",
      "!x",
      "äöü",
      "{a,b}",
    ];
    assert(
      property(array(word, { minLength: 1, maxLength: 200 }), (words) => {
        const all = [...hostile, ...words];
        expect(
          ash(`printf '%s\\n' ${quoteCommand(all)}`)
            .split("\n")
            .slice(0, -1),
        ).toEqual(all);
      }),
      { numRuns: 50 },
    );
  });
});

describe("quoteNumber", () => {
  it.each([-1, 1.5, Number.NaN, 12_345_678_901])("refuses %s", (value) => {
    expect(() => quoteNumber(value)).toThrow(/no id/);
  });
});

describe("hereDocument", () => {
  it.skipIf(!hasAsh)("hands lines to a command's stdin unchanged (needs busybox)", () => {
    const lines = ["$(id)", "'", "END", "", "\\n `x` $y"];
    expect(ash(`cat ${hereDocument(lines, "0f")}\n`)).toBe(`${lines.join("\n")}\n`);
  });

  it("refuses a line that would end it", () => {
    expect(() => hereDocument(["a\nEND-0f"], "0f")).toThrow(/line break/);
  });
});
