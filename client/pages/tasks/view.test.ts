import { expect, test } from "vitest";
import { parseView, printView } from "./view.ts";

test.each(["", "state=FAILED", "state=RUNNING&state=UNKNOWN&kind=SET_POWER&node=esx+01"])(
  "%j is the same when it was read and written",
  (search) => {
    expect(printView(parseView(search))).toBe(search);
  },
);

test("what is not understood is left out", () => {
  expect(parseView("?state=NONSENSE&state=FAILED&kind=__proto__&node=&x=1")).toEqual({ states: ["FAILED"], kinds: [] });
});

test("the task that is opened stands in the address and changes nothing of the view", () => {
  expect(printView(parseView("state=FAILED"), "task-1")).toBe("state=FAILED&task=task-1");
  expect(parseView("state=FAILED&task=task-1")).toEqual(parseView("state=FAILED"));
});
