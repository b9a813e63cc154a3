import { describe, expect, test } from "vitest";
import { taskStateText } from "../format/task-words.ts";
import { aTaskRow } from "../inventory/testing.ts";
import { everyTask, inOrder, matches } from "./filter.ts";
import { nextStepOf } from "./next-step.ts";
import { percentOf, secondsOf, standingOf, titleOf, whyNotCancel } from "./words.ts";

const step = (name: string, state: "DONE" | "RUNNING" | "PENDING" | "SKIPPED", detail: string | null = null) => ({
  name,
  state,
  detail,
  startedAt: null,
  finishedAt: null,
});
const ended = { finishedAt: "2026-11-02T00:00:09.000Z" };

test("those under way come first, then the newest", () => {
  const tasks = [
    aTaskRow({ id: "old", createdAt: "2026-11-01T00:00:00.000Z", ...ended }),
    aTaskRow({ id: "new", createdAt: "2026-11-03T00:00:00.000Z", ...ended }),
    aTaskRow({ id: "asked", createdAt: "2026-11-01T00:00:00.000Z", state: "UNKNOWN" }),
    aTaskRow({ id: "running", createdAt: "2026-11-02T00:00:00.000Z" }),
  ];
  expect(inOrder(tasks).map(({ id }) => id)).toEqual(["running", "asked", "new", "old"]);
});

test.each([
  [everyTask, true],
  [{ ...everyTask, states: ["RUNNING", "FAILED"] }, true],
  [{ ...everyTask, states: ["FAILED"] }, false],
  [{ ...everyTask, kinds: ["CREATE_VM"] }, false],
  [{ ...everyTask, node: "esx01", vmId: "vm-1" }, true],
  [{ ...everyTask, node: "esx02" }, false],
  [{ ...everyTask, vmId: "vm-2" }, false],
] as const)("%j lets a task through: %s", (view, expected) => {
  expect(matches(aTaskRow(), view)).toBe(expected);
});

describe("a title", () => {
  test("names the power action by the command that is run", () => {
    const command = "vim-cmd vmsvc/power.off /vmfs/volumes/1/power.on/x.vmx";
    expect(titleOf(aTaskRow({ commands: [command] }))).toBe("Power off web");
    expect(titleOf(aTaskRow())).toBe("Change power of web");
  });
  test("has the name that was asked for where there is no VM yet, or no more", () => {
    expect(titleOf(aTaskRow({ kind: "CREATE_VM", vm: null, vmName: "fresh" }))).toBe("Create fresh");
    expect(titleOf(aTaskRow({ vm: { name: "renamed" } }))).toBe("Change power of renamed");
    expect(titleOf(aTaskRow({ kind: "CREATE_VM", vm: null, vmName: null }))).toBe("Create a VM");
    expect(titleOf(aTaskRow({ kind: "REFRESH_NODE", vm: null, vmName: null }))).toBe("Refresh esx01");
  });
});

test("progress is what is told, else the steps, where they say something", () => {
  const steps = [step("a", "DONE"), step("b", "SKIPPED"), step("c", "RUNNING", "40 %"), step("d", "PENDING")];
  expect(percentOf(aTaskRow({ progress: 12, steps }))).toBe(12);
  expect(percentOf(aTaskRow({ steps }))).toBe(50);
  expect(percentOf(aTaskRow({ steps: steps.slice(0, 2) }))).toBeUndefined();
  expect(standingOf(aTaskRow({ steps }))).toBe("c: 40 %");
  expect(standingOf(aTaskRow({ steps, result: "Done." }))).toBe("Done.");
});

test("an outcome that is not known is no end while the host is still asked", () => {
  expect(taskStateText("UNKNOWN", null)).toBe("Still being asked");
  expect(taskStateText("UNKNOWN", ended.finishedAt)).toBe("Outcome not known");
});

test("it lasts until it has ended", () => {
  const task = aTaskRow({ startedAt: "2026-11-02T00:00:01.000Z" });
  expect(secondsOf(task, () => Date.parse("2026-11-02T00:00:04.000Z"))).toBe(3);
  expect(secondsOf({ ...task, ...ended }, () => Number.NaN)).toBe(8);
  expect(secondsOf({ ...task, startedAt: null }, () => 0)).toBeUndefined();
});

test("only what was not sent can be called off, but a creation", () => {
  const sentAt = "2026-11-02T00:00:02.000Z";
  expect(whyNotCancel(aTaskRow())).toBeUndefined();
  expect(whyNotCancel(aTaskRow({ sentAt }))).toMatch(/was sent/);
  expect(whyNotCancel(aTaskRow({ sentAt, kind: "CREATE_VM" }))).toBeUndefined();
  expect(whyNotCancel(aTaskRow(ended))).toMatch(/ended/);
});

test("a failure leads to where it is mended", () => {
  const failed = (code: "HOST_UNREACHABLE" | "QUESTION_PENDING" | "INTERNAL") =>
    aTaskRow({ error: { code, message: "" }, nodeName: "esx 01", vmId: "vm/1" });
  expect(nextStepOf(failed("HOST_UNREACHABLE"))).toEqual({ label: "Look at node esx 01", href: "/nodes/esx%2001" });
  expect(nextStepOf(failed("QUESTION_PENDING"))).toEqual({ label: "Answer the question of web", href: "/vms/vm%2F1" });
  expect(nextStepOf({ ...failed("INTERNAL"), vm: null })).toBeUndefined();
  expect(nextStepOf(aTaskRow())).toBeUndefined();
});
