import { expect, test } from "vitest";
import {
  createHref,
  defaultView,
  isFiltered,
  orderedBy,
  parseView,
  printView,
  type View,
  withColumnToggled,
  withoutFilters,
} from "./view.ts";

const full: View = {
  text: "web & db",
  nodes: ["esx01", "with, comma"],
  powers: ["ON", "SUSPENDED"],
  limits: ["any", "ram"],
  stale: true,
  order: [
    { column: "cpu", descending: true },
    { column: "name", descending: false },
  ],
  columns: ["name", "comment", "uuid"],
  dense: true,
};

test("goes into the address and comes back whole", () => {
  expect(parseView(printView(full))).toEqual(full);
  expect(parseView(`?${printView(full)}`)).toEqual(full);
});

test("the default leaves the address bare", () => {
  expect(printView(defaultView)).toBe("");
  expect(parseView("")).toEqual(defaultView);
});

test("what is not understood is left out", () => {
  const view = parseView("?power=MAYBE&power=ON&over=all&sort=-colour,-cpu&columns=x,ip&other=1");
  expect(view).toEqual({
    ...defaultView,
    powers: ["ON"],
    order: [{ column: "cpu", descending: true }],
    columns: ["name", "ip"],
  });
  expect(parseView("?sort=nothing").order).toEqual(defaultView.order);
});

test("filters are told and taken away, the rest stays", () => {
  expect(isFiltered(full)).toBe(true);
  expect(isFiltered({ ...defaultView, text: "  " })).toBe(false);
  const cleared = withoutFilters(full);
  expect(isFiltered(cleared)).toBe(false);
  expect(cleared).toMatchObject({ order: full.order, columns: full.columns, dense: true });
});

test("a new VM goes to the node that is looked at", () => {
  expect(createHref(defaultView)).toBe("/create");
  expect(createHref({ ...defaultView, nodes: ["rack 1"] })).toBe("/create?node=rack%201");
  expect(createHref(full)).toBe("/create");
});

test("columns keep their order, and the name stays", () => {
  const shown = withColumnToggled({ ...defaultView, columns: ["name", "comment"] }, "ip");
  expect(shown.columns).toEqual(["name", "ip", "comment"]);
  expect(withColumnToggled(shown, "name").columns).toContain("name");
});

test("clicks order", () => {
  const up = orderedBy(defaultView, "cpu", false);
  expect(up.order).toEqual([{ column: "cpu", descending: false }]);
  expect(orderedBy(up, "cpu", false).order).toEqual([{ column: "cpu", descending: true }]);
  expect(orderedBy(full, "cpu", false).order).toEqual([{ column: "cpu", descending: false }]);
});

test("clicks with shift join, turn round, and leave", () => {
  const two = orderedBy(defaultView, "cpu", true);
  expect(two.order.map(({ column }) => column)).toEqual(["name", "cpu"]);
  const turned = orderedBy(two, "cpu", true);
  expect(turned.order[1]).toEqual({ column: "cpu", descending: true });
  expect(orderedBy(turned, "cpu", true).order).toEqual(defaultView.order);
  expect(orderedBy(orderedBy(defaultView, "name", true), "name", true).order).toEqual(defaultView.order);
});
