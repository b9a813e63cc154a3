/** The judge of .vmx files must itself be able to say no. */
import { describe, expect, it } from "vitest";
import { readVmx } from "./vmx-reader.ts";

const read = (...lines: string[]) => readVmx(Buffer.from(['.encoding = "UTF-8"', ...lines, ""].join("\n")));

describe("the reader of .vmx files", () => {
  it("reads names in any case, and values to the byte", () => {
    const entries = read('displayName = "a|22b|7C|0A\té 日"', 'scsi0:0.fileName = ""');
    expect(Object.fromEntries(entries)).toEqual({
      ".encoding": "UTF-8",
      displayname: 'a"b|\n\té 日',
      "scsi0:0.filename": "",
    });
  });

  it.each([
    ["a raw quote", 'annotation = "a"b"'],
    ["a line break in a value", 'annotation = "a\nscsi0:1.fileName = "x"'],
    ["a carriage return", 'annotation = "a\rb"'],
    ["a control character", 'annotation = "a\u0007b"'],
    ["a bare bar", 'annotation = "a|b"'],
    ["a bar at the end", 'annotation = "a|"'],
    ["an escape that needs none", 'annotation = "|41"'],
    ["an escaped NUL", 'annotation = "|00"'],
    ["no quotes", "annotation = a"],
    ["something behind the value", 'annotation = "a" # b'],
    ["an empty line", ""],
    ["no name", ' = "a"'],
    ["a name with a blank", 'anno tation = "a"'],
    ["a name that comes twice", 'Annotation = "a"\nannotation = "a"'],
  ])("refuses %s", (_what, line) => {
    expect(() => read(line)).toThrow(/Malformed|Twice|No escape/);
  });

  it("refuses what is cut, no UTF-8, or does not say that it is", () => {
    expect(() => readVmx(Buffer.from('.encoding = "UTF-8"'))).toThrow("does not end");
    expect(() => readVmx(Buffer.from([0x2e, 0xff, 0x0a]))).toThrow();
    expect(() => readVmx(Buffer.from('displayName = "a"\n'))).toThrow("UTF-8");
  });
});
