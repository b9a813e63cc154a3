import { describe, expect, test } from "vitest";
import { parseFilesystemList, parsePortGroupList, parseProcessList, parseVersion } from "./esxcli.ts";
import { parseAllVms } from "./getallvms.ts";
import { parseHostSummary } from "./host-summary.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import { parseMessage } from "./message.ts";
import { classifyHostText, failureIn, parsePowerState, parsePowerText } from "./power-text.ts";
import { splitSections } from "./sections.ts";
import { parseSummary } from "./summary.ts";
import { parseTaskInfo, parseTaskList } from "./task-info.ts";
import { printSummary } from "./testing/example-summary.ts";
import { printListing } from "./testing/print-listing.ts";
import { parseDump } from "./typed-dump.ts";
import { parseVmInventory } from "./vm-inventory.ts";

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  parseDump,
  parseSummary,
  parseAllVms,
  "parseAllVms with registered ids": (text) => parseAllVms(text, new Set([1, 2, 3])),
  parseHostSummary,
  parseProcessList,
  parseFilesystemList,
  parsePortGroupList,
  parseVersion,
  parseVmInventory,
  parsePowerText,
  parsePowerState,
  classifyHostText,
  failureIn,
  hostdTrouble,
  parseMessage,
  parseTaskList,
  parseTaskInfo,
  splitSections: (text) => splitSections(text, "n"),
};

/** These do on a long text what others do as well. */
const sharedWork: ReadonlySet<string> = new Set([
  "parseAllVms",
  "parseHostSummary",
  "parseTaskList",
  "parsePortGroupList",
  "parsePowerText",
  "failureIn",
]);

const listing = printListing(
  [1, 2, 3].map((vmid) => ({
    vmid,
    name: `vm ${vmid} [x]`,
    path: `[ds] ${vmid}/${vmid}.vmx`,
    guestId: "otherGuest",
    version: "vmx-19",
    note: "a\nb",
  })),
);
const summary = printSummary({ annotation: 'of "two"\nlines' });
const inventory =
  "<ConfigRoot><ConfigEntry id='1'><objID>1</objID><vmxCfgPath>/v/a &amp; b.vmx</vmxCfgPath></ConfigEntry></ConfigRoot>";
const processes = 'ConfigFile,DisplayName,ProcessID,UUID,VMXCartelID,WorldID,\n/v/a.vmx,"a, b",0,56 4d,1,2,\n';
const table = "Name   Virtual Switch  VLAN ID\n-----  --------------  -------\nx y    vSwitch0              0\n";
const question = "Virtual machine message 1:\nGo?\n   0. a (b)\n   1. c (d) [default]\n";
const fault = '(vim.fault.NotFound) {\n   faultMessage = <unset>\n   msg = "no "2""\n}\n';
const sections = "@@n begin a\nx\n\n@@n end a 0\n@@n begin b\n\n@@n end b 1\n@@n done\n";
const wholes = [listing, summary, inventory, processes, table, question, fault, sections];

const size = 1_000_000;
const fill = (unit: string, start = ""): string => start + unit.repeat(Math.ceil((size - start.length) / unit.length));
const header = listing.slice(0, listing.indexOf("\n") + 1);
const beforeNote = summary.slice(0, summary.indexOf("of "));

/** Texts that are slow for parsers that look back, look ahead or nest. */
const hostile: Readonly<Record<string, string>> = {
  blanks: fill(" "),
  "line ends": fill("\n"),
  CRLF: fill("\r\n"),
  quotes: fill('"'),
  digits: fill("1"),
  dashes: fill("- "),
  commas: fill(","),
  "quotes and commas": fill('",'),
  parentheses: fill("("),
  "closing parentheses": fill(")", "Virtual machine message 1:\nx\n0. "),
  "opened objects": fill("(vim.X) {\n"),
  "nested objects": fill("   a = (vim.X) {\n", "(vim.X) {\n"),
  "a type without end": fill("a", "("),
  "a string without end": fill("a", '(vim.X) {\n   a = "'),
  "strings that never end": fill('   a = "b",\n', "(vim.X) {\n"),
  "ends of strings": fill('"\n', '(vim.X) {\n   a = "'),
  "fields without end": `(vim.X) {\n${Array.from({ length: size / 20 }, (_, field) => `   a${field} = 1,\n`).join("")}`,
  "a number without end": fill("9", "(vim.X) {\n   a = "),
  "a reference without end": fill("'a", "(vim.X) {\n   a = 'x"),
  "items without end": fill('   "a",\n', "(string) [\n"),
  "a note full of ends": fill('x",\n      product = <unset>,\n      evil = "', beforeNote),
  "a note full of fields": fill('x",\n      evil = "', beforeNote),
  "a whole summary with a note full of ends": summary.replace(
    "of ",
    fill('x",\n      product = <unset>,\n      evil = "'),
  ),
  "a whole summary with a note of summaries": summary.replace("of ", fill(summary)),
  "rows that fit": fill(listing.slice(header.length), header),
  "rows that nearly fit": fill("12   x   [ds] a/a.vmx   otherGuest   vmx-0\n", header),
  "a row with many brackets": fill(" [", `${header}12`),
  "rows with blanks after the path": fill(`12 a [d] a.vmx${" ".repeat(1900)}\n`, header),
  "a header without end": fill(" ", "Vmid   Name"),
  "skipped VMs": fill("Skipping invalid VM '6'\n"),
  "csv of one quoted cell": fill('""', `${processes}"`),
  "csv rows": fill("/v/a.vmx,a,0,56 4d,1,2,\n", processes),
  "a table of one wide row": fill("x  ", table),
  "a table of many columns": `${fill("a  ")}\n${fill("-  ")}\n${fill("b  ")}\n`,
  "blocks of one key": fill("   Key: value\n"),
  tags: fill("<a>"),
  "tags without end": fill("<a </a ", "<ConfigRoot>"),
  entities: fill("&amp;", "<ConfigRoot><ConfigEntry><objID>"),
  comments: fill("<!--"),
  "faults without end": fill("(vim.fault.NotFound) {\n"),
  choices: fill("0. a (b)\n", "Virtual machine message 1:\n"),
  marks: fill("@@n begin a\n"),
  "marks that end nothing": fill("@@n end a 0\n"),
  "the word failed": fill("failed: ("),
};

describe("a megabyte of", () => {
  test.each(Object.entries(hostile))("%s takes no more than linear time and throws nothing", (_, text) => {
    for (const [name, parse] of Object.entries(parsers)) {
      if (sharedWork.has(name)) continue;
      const start = performance.now();
      parse(text);
      // A quadratic step takes minutes here; a linear one some milliseconds.
      expect({ name, isQuick: performance.now() - start < 5_000 }).toEqual({ name, isQuick: true });
    }
  });
});

/** Small, seeded, so that a failure can be seen again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function garble(text: string, random: (below: number) => number): string {
  let garbled = text;
  for (let change = random(4); change >= 0; change -= 1) {
    const at = random(garbled.length + 1);
    const length = random(random(4) === 0 ? 200 : 3);
    const other = wholes[random(wholes.length)] ?? "";
    const start = random(other.length);
    const noise = ["", "\0", "\uFFFD", '"', "\n", "}", "{", " ", ",\n", other.slice(start, start + random(60))];
    garbled = garbled.slice(0, at) + (noise[random(noise.length)] ?? "") + garbled.slice(at + length);
  }
  return garbled;
}

test("20,000 garbled texts throw nothing", () => {
  const random = randomFrom(20_261_121);
  for (let round = 0; round < 20_000; round += 1) {
    const text = garble(wholes[round % wholes.length] ?? "", random);
    for (const parse of Object.values(parsers)) parse(text);
  }
}, 120_000);

test("a garbled summary is whole in every field but the damaged one, or it is not ok", () => {
  const random = randomFrom(7);
  const expected = parseSummary(summary);
  if (!("ok" in expected)) throw new Error("the fixture is damaged");
  for (let round = 0; round < 2_000; round += 1) {
    const at = random(summary.length);
    const damaged = summary.slice(0, at) + summary.slice(at + 1 + random(40));
    const reading = parseSummary(damaged);
    if (!("ok" in reading)) continue;
    // What is lost in one place can change the two values it touches, and none beside.
    const changed = Object.entries(reading.ok).filter(
      ([field, value]) => value !== expected.ok[field as keyof typeof expected.ok],
    );
    expect(changed.length, JSON.stringify({ round, at, changed })).toBeLessThanOrEqual(2);
  }
});
