import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DumpValue } from "./dump-value.ts";
import { parseSummary } from "./summary.ts";
import { expectedSummary, printSummary } from "./testing/example-summary.ts";
import { type DumpForm, object } from "./testing/print-dump.ts";

const forms: readonly DumpForm[] = ["5.x", "6.0"];

describe.each(forms)("a whole summary in the %s form", (form) => {
  test("gives every value", () => {
    const texts = { annotation: "web server" };
    expect(parseSummary(printSummary(texts, form))).toEqual({ ok: expectedSummary(texts, form) });
  });

  test("survives lost blanks and a terminal's line ends", () => {
    const printed = printSummary({ annotation: "" }, form);
    const expected = { ok: expectedSummary({ annotation: "" }, form) };
    expect(parseSummary(printed.replaceAll(", \n", ",\n"))).toEqual(expected);
    expect(parseSummary(printed.replaceAll("\n", "\r\n"))).toEqual(expected);
  });

  test("is not whole when it is cut at any line, nor when any line is missing that is read", () => {
    const lines = printSummary({ annotation: 'two\nlines of "note"' }, form).split("\n");
    // The last element is the empty one after the last line end; without it, the text is still whole.
    for (let length = 0; length < lines.length - 1; length += 1) {
      expect(parseSummary(lines.slice(0, length).join("\n"))).not.toHaveProperty("ok");
      const without = parseSummary(lines.toSpliced(length, 1).join("\n"));
      if ("ok" in without)
        expect({ ...without.ok, ...unreadIfMissing(lines[length]) }).toEqual(expectedWithout(lines[length], form));
    }
  });
});

/** Fields that older versions don't print may be missing, and so may the second line of a note. */
function unreadIfMissing(line: string | undefined): { comment?: string } {
  return line?.startsWith("lines of") || line?.includes("annotation") ? { comment: "*" } : {};
}

function expectedWithout(line: string | undefined, form: DumpForm): object {
  const whole = { ...expectedSummary({ annotation: 'two\nlines of "note"' }, form), ...unreadIfMissing(line) };
  if (line?.includes("   vm = ")) return { ...whole, vmid: null };
  if (line?.includes("consolidationNeeded")) return { ...whole, consolidationNeeded: null };
  if (line?.includes("hwVersion")) return { ...whole, hardwareVersion: null };
  if (line?.includes("uptimeSeconds")) return { ...whole, uptimeSeconds: null };
  return whole;
}

describe("notes that imitate the summary around them", () => {
  const pasted = printSummary({ annotation: "the first", hostName: "other" }).trimEnd();
  const fragments = [
    '"',
    '",',
    '", ',
    '"\n',
    "\n",
    "\n\n",
    "   ",
    "      ",
    '",\n      product = (vim.vApp.ProductInfo) null,\n      evil = "',
    '",\n      product = <unset>,\n      hwVersion = "vmx-99',
    '",\n      numCpu = 99,\n      evil = "x',
    '",\n      evil = "x',
    '"\n   },\n   storage = (vim.vm.Summary.StorageSummary) {\n      committed = 1,\n      evil = "',
    '"\n   }\n}\n',
    '"\n}\n',
    "\nListsummary:\n",
    "\n@@nonce end vm.1 0\n",
    `\n${pasted}`,
    `${pasted}\n`,
    "plain words",
    "Grüße, 世界",
    "\r\n",
  ];
  const hostile = fc.array(fc.constantFrom(...fragments), { maxLength: 8 }).map((parts) => parts.join(""));

  test.each(forms)("are read as notes, in the %s form", (form) => {
    fc.assert(
      fc.property(hostile, (annotation) => {
        const texts = { annotation };
        expect(parseSummary(printSummary(texts, form))).toEqual({ ok: expectedSummary(texts, form) });
      }),
      { numRuns: 2_000 },
    );
  });

  test("and so are guest names and VM names", () => {
    const texts = {
      annotation: 'x",\n      product = <unset>,\n      y = "',
      hostName: 'evil",\n      ipAddress = "198.51.100.1',
      name: 'a",\n      template = false,\n      vmPathName = "[ds] b/b.vmx',
    };
    expect(parseSummary(printSummary(texts))).toEqual({ ok: expectedSummary(texts) });
  });
});

describe("a question", () => {
  const choice = (key: DumpValue, label: string, summary: string | null): DumpValue =>
    object("vim.ElementDescription", { label, summary, key });
  const question = (fields: Readonly<Record<string, DumpValue>>): DumpValue => object("vim.vm.QuestionInfo", fields);
  const choices = {
    kind: "array",
    type: "vim.ElementDescription",
    items: [choice("0", "button.uuid.cancel", "Cancel"), choice("2", "button.uuid.copiedTheVM", "I Copied It")],
  } as const;
  const read = (value: DumpValue): unknown => {
    const reading = parseSummary(printSummary({ annotation: "", question: value }));
    return "ok" in reading ? reading.ok.question : reading;
  };

  test("has its id, text, choices and default", () => {
    const text = 'Moved or copied? If you don\'t know,\nanswer "I Copied It".';
    const whole = question({
      id: "_vmx1",
      text,
      choice: object("vim.option.ChoiceOption", { valueIsReadonly: null, choiceInfo: choices, defaultIndex: 1 }),
      message: { kind: "array", type: "vim.vm.Message", items: [] },
    });
    expect(read(whole)).toEqual({
      id: "_vmx1",
      text,
      choices: [
        { key: "0", label: "Cancel", isDefault: false },
        { key: "2", label: "I Copied It", isDefault: true },
      ],
    });
  });

  test("of another shape still shows", () => {
    expect(read(question({ id: 12, choice: choices }))).toMatchObject({
      id: "12",
      text: "",
      choices: [{ key: "0" }, { key: "2" }],
    });
    expect(read(question({ text: "Go on?", choice: null }))).toEqual({ id: "", text: "Go on?", choices: [] });
  });
});

describe("anything else", () => {
  test("a VM that the host does not have is gone", () => {
    const text =
      '(vim.fault.NotFound) {\n   faultCause = (vmodl.MethodFault) null, \n   faultMessage = <unset>\n   msg = "Unable to find a VM corresponding to "7""\n}\n';
    expect(parseSummary(text)).toEqual({ gone: 'Unable to find a VM corresponding to "7"' });
    expect(parseSummary(text.slice(0, -3))).toHaveProperty("failed");
  });

  test.each([
    ["nothing", ""],
    [
      "another fault",
      "(vmodl.fault.ManagedObjectNotFound) {\n   obj = 'vim.VirtualMachine:7', \n   msg = \"The object has already been deleted\"\n}\n",
    ],
    ["a refused login", "Failed to login: Connection refused\n"],
    ["another object", '(vim.host.Summary) {\n   overallStatus = "green"\n}\n'],
  ])("%s is a failure", (_, text) => {
    expect(parseSummary(text)).toHaveProperty("failed");
  });

  test.each([
    ["memorySizeMB = 4096", 'memorySizeMB = "4096"'],
    ["numCpu = 2", "numCpu = -2"],
    ['"poweredOn"', '"poweringOn"'],
    ['"connected"', "<unset>"],
    ['   overallStatus = "green"', '   overallStatus = "groen"'],
    ['bootTime = "2024-03-05', 'bootTime = "2024-0x-05'],
    ["consolidationNeeded = false", "consolidationNeeded = 7"],
  ])("a value that no host says (%s → %s) is a failure, not an unknown one", (value, garbled) => {
    const text = printSummary({ annotation: "" });
    expect(text).toContain(value);
    expect(parseSummary(text.replace(value, garbled))).toHaveProperty("failed");
  });

  test("the first day of all is an unknown one", () => {
    const text = printSummary({ annotation: "" }).replace("2024-03-05T06:07:08.123456Z", "1970-01-01T00:00:00Z");
    expect(parseSummary(text)).toMatchObject({ ok: { bootTime: null } });
  });

  test("a suspended VM without guest and storage", () => {
    const text = printSummary({ annotation: "" })
      .replace('"poweredOn"', '"suspended"')
      .replace(/guest = \(vim\.vm\.Summary\.GuestSummary\) \{[^}]*\}/, "guest = (vim.vm.Summary.GuestSummary) null");
    expect(parseSummary(text)).toMatchObject({ ok: { powerState: "SUSPENDED", hostname: null, numCpu: 2 } });
  });
});
