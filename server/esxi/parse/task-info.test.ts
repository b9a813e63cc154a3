import { describe, expect, test } from "vitest";
import type { DumpValue } from "./dump-value.ts";
import { parseTaskInfo, parseTaskList } from "./task-info.ts";
import { object, printDump } from "./testing/print-dump.ts";

const reference = (type: string, id: string): DumpValue => ({ kind: "reference", type, id });

describe("a VM's tasks", () => {
  const list = (...items: readonly DumpValue[]): string =>
    printDump({ kind: "array", type: "ManagedObjectReference", items }, "6.0");

  test("are told by id", () => {
    const ids = ["haTask-7-vim.VirtualMachine.powerOn-1", "haTask-7-vim.VirtualMachine.reset-22"];
    expect(parseTaskList(list(...ids.map((id) => reference("vim.Task", id))))).toEqual({ ok: ids });
    expect(parseTaskList(list())).toEqual({ ok: [] });
  });

  test.each([
    ["", "nothing"],
    [list(reference("vim.VirtualMachine", "7")), "no task"],
    [list(reference("vim.Task", "a")).slice(0, -3), "cut"],
  ])("%j is a failure (%s)", (text) => {
    expect(parseTaskList(text)).toHaveProperty("failed");
  });
});

describe("a task", () => {
  const info = (fields: Readonly<Record<string, DumpValue>>): string =>
    printDump(
      object("vim.TaskInfo", {
        key: "haTask-7-vim.VirtualMachine.reset-22",
        name: "vim.VirtualMachine.reset",
        descriptionId: "VirtualMachine.reset",
        entity: reference("vim.VirtualMachine", "7"),
        entityName: 'x",\n   state = "success",\n   y = "',
        state: "running",
        error: null,
        queueTime: "2024-03-05T06:07:08.123456Z",
        completeTime: null,
        ...fields,
      }),
      "6.0",
    );

  test("that runs", () => {
    expect(parseTaskInfo(info({}))).toEqual({
      ok: {
        task: { state: "running", message: null },
        id: "haTask-7-vim.VirtualMachine.reset-22",
        name: "vim.VirtualMachine.reset",
        vmid: 7,
        queuedAt: "2024-03-05T06:07:08.123Z",
        completedAt: null,
      },
    });
  });

  test("that failed says why", () => {
    const error = object("vim.fault.InvalidPowerState", { existingState: "poweredOff", msg: "It is off." });
    expect(parseTaskInfo(info({ state: "error", error }))).toMatchObject({
      ok: { task: { state: "error", message: "It is off." } },
    });
  });

  test("of the host has no VM", () => {
    expect(parseTaskInfo(info({ name: null, entity: reference("vim.HostSystem", "ha-host") }))).toMatchObject({
      ok: { vmid: null, name: "VirtualMachine.reset" },
    });
  });

  test("that hostd has forgotten is gone", () => {
    const text =
      "(vmodl.fault.ManagedObjectNotFound) {\n   obj = 'vim.Task:x', \n   msg = \"The object has been deleted\"\n}\n";
    expect(parseTaskInfo(text)).toEqual({ gone: "The object has been deleted" });
  });

  test.each([
    ["an unknown state", info({ state: "dreaming" })],
    ["a cut text", info({}).slice(0, -3)],
    ["nothing", ""],
  ])("%s is a failure", (_, text) => {
    expect(parseTaskInfo(text)).toHaveProperty("failed");
  });
});
