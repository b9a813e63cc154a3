import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Listing } from "../driver.ts";
import { parseAllVms } from "./getallvms.ts";
import { type ListingRow, printListing } from "./testing/print-listing.ts";

const row = (vmid: number, changes: Partial<ListingRow> = {}): ListingRow => ({
  vmid,
  name: `vm-${vmid}`,
  path: `[store] vm-${vmid}/vm-${vmid}.vmx`,
  guestId: "debian11_64Guest",
  version: "vmx-19",
  note: "",
  ...changes,
});

function read(text: string, registered?: ReadonlySet<number>): Listing {
  const parsed = parseAllVms(text, registered);
  if ("failed" in parsed) throw new Error(parsed.failed);
  return parsed.ok;
}

function listed({ vmid, name, path, guestId, version }: ListingRow): object {
  return { vmid, name, datastorePath: path, guestId: guestId || undefined, hardwareVersion: version || undefined };
}

const ids = (listing: Listing): readonly number[] => listing.vms.map((vm) => vm.vmid);
const idOnly = { name: undefined, datastorePath: undefined, guestId: undefined, hardwareVersion: undefined };

describe("rows", () => {
  test.each<[string, Partial<ListingRow>]>([
    ["brackets and blanks in the name", { name: "a b [c] [d]   [e] f/f.vmx" }],
    ["a name that imitates a whole row", { name: "x   [ds] y/y.vmx   otherGuest   vmx-07" }],
    ["an empty datastore", { path: "[] /var/run/crx/infra/vCLS-1/vCLS-1.vmx" }],
    ["a colon and blanks in the datastore", { path: "[rack 1:disk [old]] deep/er/x.vmx" }],
    ["no guest and no version", { guestId: "", version: "" }],
    ["a template", { path: "[store] t/t.vmtx" }],
    ["a note of several lines", { note: "one\n\n  three\n12 bottles   [x] y\n" }],
    ["other letters", { name: "Überwachung 監視", note: "Grüße\n世界" }],
  ])("%s", (_, changes) => {
    const rows = [row(1), row(16, changes), row(7, { note: "kept" })];
    const expected = { vms: [row(1), row(16, changes), row(7)].map(listed), invalid: [] };
    const text = printListing(rows);
    for (const form of [text, text.replaceAll(/ +$/gm, ""), text.replaceAll("\n", "\r\n")]) {
      expect(read(form, new Set([1, 16, 7]))).toEqual(expected);
      expect(read(form).vms.filter(({ name }) => name !== undefined)).toEqual(expected.vms);
    }
  });

  test("widths in characters instead of bytes", () => {
    const rows = [row(1, { name: "Überwachung" }), row(2)];
    expect(read(printListing(rows, (text) => text.length)).vms).toEqual(rows.map(listed));
  });

  test("widths counted in a way nobody knows: ids only", () => {
    const rows = [row(1), row(2, { name: "Überwachung" }), row(3)];
    const text = printListing(rows).replace("Überwachung", "Überwachung  ");
    expect(new Set(ids(read(text)))).toEqual(new Set([1, 2, 3]));
    expect(read(text).vms).toContainEqual({ vmid: 2, ...idOnly });
    expect(new Set(ids(read(text, new Set([1, 2, 3]))))).toEqual(new Set([1, 2, 3]));
  });

  test("columns squeezed by hand", () => {
    const text =
      "Vmid Name File Guest OS Version Annotation\n 12  a (b) [ds] a/a.vmx winGuest vmx-04 \n 13  c [d]  [ds] c/c.vmx winGuest vmx-04\n";
    expect(read(text).vms).toEqual([
      { vmid: 12, name: "a (b)", datastorePath: "[ds] a/a.vmx", guestId: "winGuest", hardwareVersion: "vmx-04" },
      { vmid: 13, ...idOnly },
    ]);
  });

  test("a name that was lost is not known, and the rest of its row is", () => {
    const text = printListing([row(1), row(2)])
      .replace("vm-2  ", "      ")
      .replace(/^(2 +)vm-2/m, "$1    ");
    const [, lost] = read(text, new Set([1, 2])).vms;
    expect(lost).toMatchObject({ vmid: 2, name: undefined, datastorePath: "[store] vm-2/vm-2.vmx" });
  });

  test("an empty inventory", () => {
    expect(read(printListing([]))).toEqual({ vms: [], invalid: [] });
  });

  test("skipped VMs, on either stream, but not those of a note", () => {
    const rows = [row(1, { note: "x\nSkipping invalid VM '9'" })];
    expect(read(`Skipping invalid VM '6'\nSkipping invalid VM '16'\n${printListing(rows)}`)).toMatchObject({
      invalid: [6, 16],
    });
  });
});

describe("notes that imitate rows", () => {
  const imitation = (fake: ListingRow, rows: readonly ListingRow[]): string => {
    // Printed once to learn how the row would look in this very table.
    const line = printListing([...rows, fake])
      .split("\n")
      .find((words) => words.startsWith(`${fake.vmid} `));
    return `see\n${line?.trimEnd() ?? ""}`;
  };

  test("that don't fit the columns are notes", () => {
    const rows = [
      row(1, {
        note: "Vmid   Name   File   Guest OS   Version   Annotation\n12   x   [ds] a/a.vmx   otherGuest   vmx-07",
      }),
      row(2),
    ];
    expect(read(printListing(rows)).vms).toEqual([...rows.map(listed), { vmid: 12, ...idOnly }]);
    expect(read(printListing(rows), new Set([1, 2])).vms).toEqual(rows.map(listed));
  });

  test("that fit to the blank are told by the registered ids, and give only their id", () => {
    const rows = [row(1), row(2)];
    const text = printListing([
      row(1, { note: imitation(row(15, { name: "fake", path: "[store] fake/fake.vmx" }), rows) }),
      row(2),
    ]);
    expect(read(text, new Set([1, 2])).vms).toEqual([...rows.map(listed), { vmid: 15, ...idOnly }]);
  });

  test("with the id of a VM leave that VM with its id only", () => {
    const rows = [row(1), row(2)];
    const text = printListing([row(1, { note: imitation(row(2, { name: "fake" }), rows) }), row(2)]);
    expect(read(text, new Set([1, 2])).vms).toEqual([listed(row(1)), { vmid: 2, ...idOnly }]);
  });

  test("out of order leave in doubt what stands there", () => {
    const rows = [row(1), row(2), row(3)];
    const text = printListing([row(1, { note: imitation(row(5, { name: "fake" }), rows) }), row(2), row(3)]);
    expect(read(text).vms).toEqual([listed(row(1)), ...[5, 2, 3].map((vmid) => ({ vmid, ...idOnly }))]);
  });

  test("a list of registered ids from another time is not used", () => {
    expect(ids(read(printListing([row(1), row(2)]), new Set([2, 3])))).toEqual([1, 2]);
  });

  test("no note hides a VM or changes another", () => {
    const fragments = [
      "1",
      "2   ",
      "10     x",
      "[store] vm-2/vm-2.vmx",
      "   ",
      "\n",
      "\n\n",
      "vmx-19",
      "debian11_64Guest",
      "Skipping invalid VM '3'",
      "Vmid",
    ];
    const note = fc.array(fc.constantFrom(...fragments), { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(note, note, (first, second) => {
        const rows = [row(1, { note: first }), row(10, { note: second }), row(2)];
        const listing = read(printListing(rows), new Set([1, 10, 2]));
        expect(new Set(ids(listing))).toEqual(new Set([1, 10, 2]));
        for (const vm of listing.vms) {
          if (vm.name !== undefined) expect(vm).toEqual(listed(row(vm.vmid)));
        }
        expect(listing.invalid).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("failures", () => {
  test.each([
    ["nothing", ""],
    [
      "a fault",
      "(vmodl.fault.ManagedObjectNotFound) {\n   obj = 'vim.VirtualMachine:672', \n   msg = \"The object is gone\"\n}\n",
    ],
    ["a refused login", "Failed to login: Connection refused\n"],
    ["rows without their header", "6      m2        [datastore1] m2/m2.vmx             centos8_64Guest     vmx-15\n"],
    ["skipped VMs alone", "Skipping invalid VM '2'\n"],
  ])("%s", (_, text) => {
    expect(parseAllVms(text)).toHaveProperty("failed");
  });

  test("a fault is told in the host's words", () => {
    expect(parseAllVms('(vim.fault.X) {\n   msg = "busy"\n}\n')).toEqual({ failed: "busy" });
  });
});
