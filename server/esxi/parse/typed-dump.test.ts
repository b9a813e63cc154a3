import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DumpObject, type DumpValue, textAt, valueAt } from "./dump-value.ts";
import { type DumpForm, object, printDump } from "./testing/print-dump.ts";
import { parseDump } from "./typed-dump.ts";

function rootOf(text: string): DumpValue {
  const dump = parseDump(text);
  if ("failed" in dump) throw new Error(dump.failed);
  return dump.ok;
}

describe("values", () => {
  const fields = (...lines: readonly string[]): DumpValue =>
    rootOf(`(vim.X) {\n${lines.map((line) => `   ${line}\n`).join("")}}\n`);

  test.each([
    ["a = <unset>,", null],
    ["a = (vim.fault.X) null", null],
    ["a = true, ", true],
    ["a = -1", -1],
    ["a = 68169720922112,", 68169720922112],
    ["a = 9223372036854775807,", 9223372036854775807n],
    ["a = -0.5", -0.5],
    ['a = "",', ""],
    ['a = "say "hi"", ', 'say "hi"'],
    ['a = "",", ', '",'],
    [String.raw`a = "back\slash\"`, "back\\slash\\"],
    ['a = " unknown"', " unknown"],
    [
      "a = 'vim.Network:HaNetwork-VM Network', ",
      { kind: "reference", type: "vim.Network", id: "HaNetwork-VM Network" },
    ],
    [
      "a = 'vim.Datastore:192.0.2.1:/vol/it's', ",
      { kind: "reference", type: "vim.Datastore", id: "192.0.2.1:/vol/it's" },
    ],
    ["a = (string) []", { kind: "array", type: "string", items: [] }],
    ["a = (vim.Y) {}", { kind: "object", type: "vim.Y", fields: new Map() }],
  ])("%s", (line, value) => {
    expect(valueAt(fields(line, "b = 1"), "a")).toEqual(value);
  });

  test("a string may hold line ends, and lines that look like fields at another indentation", () => {
    const note = 'first\n\n  b = 2\n         c = "3",\n\n}\n}, \nlast "word"';
    expect(textAt(fields(`a = "${note}", `, "z = 1"), "a")).toBe(note);
  });

  test("arrays of scalars, of strings and of objects", () => {
    const root = fields(
      "ints = (int) [",
      "   3002,",
      "   3003",
      "], ",
      "words = (string) [",
      '   "a "b"", ',
      '   "c"',
      "]",
    );
    expect(valueAt(root, "ints")).toMatchObject({ items: [3002, 3003] });
    expect(valueAt(root, "words")).toMatchObject({ items: ['a "b"', "c"] });
  });

  test("the extra msg line of a fault, before which a comma is missing", () => {
    const fault = fields("faultMessage = <unset>", 'msg = "no VM for "2""');
    expect(textAt(fault, "msg")).toBe('no VM for "2"');
  });

  test("CRLF line ends of a terminal", () => {
    expect(rootOf('Heading:\r\n\r\n(vim.X) {\r\n   a = "b"\r\n}\r\n')).toEqual(object("vim.X", { a: "b" }));
  });

  test("CR of a note stays where line ends are LF", () => {
    expect(textAt(fields('a = "one\r\ntwo",', "b = 1"), "a")).toBe("one\r\ntwo");
  });
});

describe("refusals", () => {
  const deep = `(vim.X) {\n${Array.from({ length: 200 }, (_, depth) => `${"   ".repeat(depth + 1)}a = (vim.X) {\n`).join("")}`;

  test.each([
    ["nothing", ""],
    ["words", "Failed to login: Connection refused\n"],
    ["an object that is not closed", "(vim.X) {\n   a = 1\n"],
    ["an object whose line is not ended", "(vim.X) {"],
    ["a field twice", "(vim.X) {\n   a = 1,\n   a = 2\n}\n"],
    ["text behind the object", "(vim.X) {\n   a = 1\n}\nmore\n"],
    ["a closer of another level", "(vim.X) {\n   a = (vim.Y) {\n      b = 1\n}\n}\n"],
    ["fields at different levels", "(vim.X) {\n   a = 1,\n    b = 1\n}\n"],
    ["a word that is no value", "(vim.X) {\n   a = poweredOn\n}\n"],
    ["a number that is none", "(vim.X) {\n   a = 12x4\n}\n"],
    ["a number without end", `(vim.X) {\n   a = ${"9".repeat(100)}\n}\n`],
    ["a lost closing quote", '(vim.X) {\n   a = "one,\n   b = "two"\n}\n'],
    ["too many levels", deep],
  ])("%s", (_, text) => {
    expect(parseDump(text)).toHaveProperty("failed");
  });

  test("the fault's place is told", () => {
    expect(parseDump("(vim.X) {\n   a = 1,\n   b = ?\n}\n")).toEqual({
      failed: "a value is expected (line 3: ? })",
      at: 27,
    });
  });

  test("other text may follow where that is allowed", () => {
    expect(parseDump("(vim.X) {\n   a = 1\n}\nmore\n", { moreMayFollow: true })).toHaveProperty("ok");
  });
});

describe("what is printed is read back", () => {
  const name = fc
    .stringMatching(/^[a-zA-Z_]\w{0,12}$/)
    .filter((word) => word !== "dynamicType" && word !== "__proto__");
  const type = fc.stringMatching(/^[a-z]{1,5}(?:\.[A-Za-z]{1,8}){0,3}$/);
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."ab \"',={}[]<>()\\\t:".split("")) }),
    fc.string({ unit: "grapheme" }).map((words) => words.replaceAll(/[\r\n]/g, " ")),
    // A line that begins with neither blank nor closer can't look like what follows a string.
    fc.array(fc.stringMatching(/^[a-z][a-z "=,]{0,20}[a-z"]$/), { maxLength: 4 }).map((lines) => lines.join("\n")),
  );
  const word = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 62n }),
  );
  const reference = fc.record({
    kind: fc.constant("reference" as const),
    type,
    id: fc.string({ unit: fc.constantFrom(..."aB1 ':/.-".split("")) }),
  });
  const tree = fc.letrec<{ value: DumpValue; object: DumpObject }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      word,
      text,
      reference,
      tie("object"),
      arrayOf(word),
      arrayOf(text),
      arrayOf(tie("object")),
    ),
    object: fc
      .tuple(type, fc.uniqueArray(fc.tuple(name, tie("value")), { selector: ([key]) => key, maxLength: 6 }))
      .map(([kind, fields]): DumpObject => ({ kind: "object", type: kind, fields: new Map(fields) })),
  }));

  function arrayOf(items: fc.Arbitrary<DumpValue>): fc.Arbitrary<DumpValue> {
    return fc.record({ kind: fc.constant("array" as const), type, items: fc.array(items, { maxLength: 4 }) });
  }

  /** The 5.x form has one field more in each object. */
  function withDynamicType(value: DumpValue): DumpValue {
    if (typeof value !== "object" || value === null || value.kind === "reference") return value;
    if (value.kind === "array") return { ...value, items: value.items.map(withDynamicType) };
    const fields = [...value.fields].map(([key, field]): [string, DumpValue] => [key, withDynamicType(field)]);
    return { ...value, fields: new Map([["dynamicType", null], ...fields]) };
  }

  test.each<DumpForm>(["5.x", "6.0"])("in the %s form", (form) => {
    fc.assert(
      fc.property(tree.object, fc.boolean(), (root, blanksLost) => {
        const printed = printDump(root, form);
        const copied = blanksLost ? printed.replaceAll(", \n", ",\n") : printed;
        expect(rootOf(copied)).toEqual(form === "5.x" ? withDynamicType(root) : root);
      }),
      { numRuns: 1_000 },
    );
  });
});
