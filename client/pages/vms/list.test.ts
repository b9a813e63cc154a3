import { describe, expect, test } from "vitest";
import type { VmRowFragment } from "../../gql/graphql.ts";
import { aVm } from "../../inventory/testing.ts";
import { uptimeSeconds } from "../../inventory/uptime.ts";
import { columnOf, columns } from "./columns.ts";
import { toCsv } from "./csv.ts";
import { createFilter } from "./filter.ts";
import { extend, nothingSelected, selectAll, selectedOf, toggle } from "./selection.ts";
import { createSort, naturalKey } from "./sort.ts";
import { defaultView, type View } from "./view.ts";

const vmsOf = (...changes: readonly Partial<VmRowFragment>[]) =>
  changes.map((change, index) => aVm({ id: `vm-${index}`, ...change }));

describe("a filter", () => {
  const none = { cpu: false, ram: false, storage: false, any: false };
  const vms = vmsOf(
    { name: "web-1", node: { name: "a" }, exceedsThreshold: { ...none, cpu: true, any: true } },
    { name: "db", comment: "Billing WEB", node: { name: "b" }, powerState: "OFF", stale: true },
    { name: "cache", hostname: "c.lab", ipAddress: "192.168.1.9", node: { name: "b" }, powerState: "SUSPENDED" },
  );
  test.each<[string, Partial<View>, readonly string[]]>([
    ["nothing", {}, ["web-1", "db", "cache"]],
    ["a word in name and comment, ignoring case", { text: "wEb" }, ["web-1", "db"]],
    ["several words, all of them", { text: " web  billing" }, ["db"]],
    ["an address", { text: "192.168" }, ["cache"]],
    ["a host name", { text: "c.lab" }, ["cache"]],
    ["nodes", { nodes: ["a", "x"] }, ["web-1"]],
    ["power states", { powers: ["OFF", "SUSPENDED"] }, ["db", "cache"]],
    ["limits", { limits: ["any", "cpu"] }, ["web-1"]],
    ["another limit", { limits: ["ram"] }, []],
    ["staleness", { stale: true }, ["db"]],
    ["all together", { stale: true, powers: ["ON"] }, []],
  ])("by %s", (_name, view, names) => {
    expect(createFilter()(vms, { ...defaultView, ...view }).map(({ name }) => name)).toEqual(names);
  });
});

describe("an order", () => {
  const namesBy = (vms: readonly ReturnType<typeof aVm>[], ...order: View["order"]) =>
    createSort()(vms, order).map(({ name }) => name);

  test("ignores case and takes numbers by value", () => {
    const vms = vmsOf({ name: "vm10" }, { name: "VM9" }, { name: "vm1" });
    expect(namesBy(vms, { column: "name", descending: false })).toEqual(["vm1", "VM9", "vm10"]);
    expect(naturalKey("10.0.0.9")).toBeTypeOf("string");
  });

  test("has nulls last in both directions", () => {
    const vms = vmsOf({ name: "x", numCpu: null }, { name: "one", numCpu: 1 }, { name: "two", numCpu: 2 });
    expect(namesBy(vms, { column: "cpu", descending: false })).toEqual(["one", "two", "x"]);
    expect(namesBy(vms, { column: "cpu", descending: true })).toEqual(["two", "one", "x"]);
  });

  test("by several columns, then by id", () => {
    const vms = vmsOf({ name: "b", numCpu: 1 }, { name: "a", numCpu: 1 }, { name: "b", numCpu: 2 });
    const order = [
      { column: "name", descending: true },
      { column: "cpu", descending: true },
    ];
    expect(createSort()(vms, order).map(({ id }) => id)).toEqual(["vm-2", "vm-0", "vm-1"]);
    expect(createSort()(vms, []).map(({ id }) => id)).toEqual(["vm-0", "vm-1", "vm-2"]);
  });

  test("by uptime puts the longest last", () => {
    const vms = vmsOf({ name: "long", uptimeSeconds: 900 }, { name: "off", uptimeSeconds: null }, { name: "short" });
    expect(namesBy(vms, { column: "uptime", descending: false })).toEqual(["short", "long", "off"]);
  });
});

test("uptime goes on, but not of a stale VM", () => {
  expect(uptimeSeconds(aVm({ uptimeSeconds: 60 }, 1_000), () => 6_000)).toBe(65);
  expect(uptimeSeconds(aVm({ uptimeSeconds: 60, stale: true }, 1_000), () => 6_000)).toBe(60);
});

test("every column has texts for a VM of which nothing is known", () => {
  const bare = Object.fromEntries(
    Object.entries(aVm()).map(([key, value]) => [
      key,
      ["id", "name", "node", "powerState"].includes(key) ? value : null,
    ]),
  );
  for (const { text } of columns) expect(text({ ...aVm(), ...bare }, () => 0) ?? "").toBeTypeOf("string");
});

describe("csv", () => {
  const shown = ["name", "uptime", "ram", "comment"].flatMap((key) => columnOf(key) ?? []);
  const lineOf = (change: Partial<VmRowFragment>) => toCsv(vmsOf(change), shown, 0).split("\r\n")[1];

  test("has what is shown, with numbers as numbers and units in the header", () => {
    const [header] = toCsv([], shown, 0).slice(1).split("\r\n");
    expect(header).toBe("Name,Uptime (s),RAM (MB),Comment");
    expect(lineOf({ comment: "x" })).toBe("web,60,2048,x");
    expect(lineOf({ uptimeSeconds: null, memorySizeMb: null })).toBe("web,,,");
  });

  test("quotes what would break a line", () => {
    expect(lineOf({ name: 'a "b", c', comment: "two\nlines" })).toBe('"a ""b"", c",60,2048,"two\nlines"');
  });

  test.each(["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])("disarms %j", (name) => {
    expect(lineOf({ name })?.replace(/^"/, "")).toMatch(/^'/);
  });
});

describe("a selection", () => {
  const shown = ["a", "b", "c", "d"];

  test("toggles and reaches from the anchor, both ways", () => {
    const b = toggle(nothingSelected, "b");
    expect(selectedOf(extend(b, "d", shown), shown)).toEqual(["b", "c", "d"]);
    expect(selectedOf(extend(b, "a", shown), shown)).toEqual(["a", "b"]);
    expect(selectedOf(toggle(b, "b"), shown)).toEqual([]);
  });

  test("without an anchor shift takes the row alone", () => {
    expect(selectedOf(extend(nothingSelected, "c", shown), shown)).toEqual(["c"]);
    expect(selectedOf(extend({ ids: new Set(), anchor: "gone" }, "c", shown), shown)).toEqual(["c"]);
  });

  test("never counts what is not shown", () => {
    expect(selectedOf(selectAll(shown), ["b", "x"])).toEqual(["b"]);
  });
});
