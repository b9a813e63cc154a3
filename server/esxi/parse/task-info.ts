/** Tasks of hostd: `vmsvc/get.tasklist ID` and `vimsvc/task_info TASK`. */
import type { Timestamp } from "../../model.ts";
import type { HostTask } from "../driver.ts";
import { type DumpObject, isObject, isReference, textAt, valueAt } from "./dump-value.ts";
import { faultOf, parseFault } from "./fault.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import type { Parsed } from "./parsed.ts";
import { timestampOf } from "./summary.ts";
import { parseDump } from "./typed-dump.ts";

export interface HostTaskInfo {
  /** Its state, and why it failed. */
  readonly task: HostTask;
  /** `haTask-496-vim.VirtualMachine.powerOn-3072`. */
  readonly id: string;
  /** What is done: `vim.VirtualMachine.powerOn`. */
  readonly name: string | null;
  /** The VM it is done to; null when the task is another object's. */
  readonly vmid: number | null;
  readonly queuedAt: Timestamp | null;
  readonly completedAt: Timestamp | null;
}

export type TaskReading =
  | { readonly ok: HostTaskInfo }
  /** hostd has forgotten the task (vmodl.fault.ManagedObjectNotFound); it does so some time after its end. */
  | { readonly gone: string }
  | { readonly failed: string };

/** Ids of a VM's tasks, as task_info takes them, oldest first. Never throws. */
export function parseTaskList(text: string): Parsed<readonly string[]> {
  const dump = parseDump(text);
  if ("failed" in dump || dump.ok.kind !== "array") return { failed: whyNot(text, dump) };
  const { items } = dump.ok;
  const tasks = items.filter((item) => isReference(item)).filter((item) => item.type === "vim.Task");
  if (tasks.length !== items.length) return { failed: "the list holds something that is no task" };
  return { ok: tasks.map((task) => task.id) };
}

const taskFreeText: ReadonlyMap<string, string | undefined> = new Map([["entityName", "state"]]);

/** Never throws. */
export function parseTaskInfo(text: string): TaskReading {
  const dump = parseDump(text, {
    freeText: taskFreeText,
    accept: (root) => root.kind === "object",
  });
  if ("failed" in dump || dump.ok.kind !== "object" || dump.ok.type !== "vim.TaskInfo") {
    const fault = parseFault(text);
    if (fault?.type === "vmodl.fault.ManagedObjectNotFound") return { gone: fault.message };
    return { failed: whyNot(text, dump) };
  }
  return taskOf(dump.ok);
}

function taskOf(info: DumpObject): TaskReading {
  const state = stateOf(textAt(info, "state"));
  const id = textAt(info, "key");
  if (state === undefined || id === null) return { failed: "the task has no key or no known state" };
  const error = valueAt(info, "error");
  const entity = valueAt(info, "entity");
  const isVm = isReference(entity) && entity.type === "vim.VirtualMachine" && /^\d{1,10}$/.test(entity.id);
  return {
    ok: {
      task: { state, message: isObject(error) ? faultOf(error).message : null },
      id,
      name: textAt(info, "name") ?? textAt(info, "descriptionId"),
      vmid: isVm ? Number(entity.id) : null,
      queuedAt: timestampOf(textAt(info, "queueTime")),
      completedAt: timestampOf(textAt(info, "completeTime")),
    },
  };
}

function stateOf(word: string | null): HostTask["state"] | undefined {
  return word === "queued" || word === "running" || word === "success" || word === "error" ? word : undefined;
}

function whyNot(text: string, dump: ReturnType<typeof parseDump>): string {
  const other = "failed" in dump ? dump.failed : `something else came: ${dump.ok.type}`;
  return parseFault(text)?.message ?? hostdTrouble(text) ?? other;
}
