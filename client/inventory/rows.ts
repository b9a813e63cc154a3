/** How the rows of the inventory are made from what arrives, told apart and compared. */
import type { VmRowFragment } from "../gql/graphql.ts";
import type { Collection, RowKind } from "./collection.ts";
import { isSame } from "./equal.ts";
import type { Usages } from "./message.ts";
import type { Node, Task, Uptime, Vm } from "./state.ts";

export const vmKind: RowKind<Vm> = {
  keyOf: ({ id }) => id,
  merge: (old, vm) => (old && isSame(old, steady(old, vm)) ? old : steady(old, vm)),
};

export const nodeKind: RowKind<Node> = {
  keyOf: ({ name }) => name,
  merge: (old, node) => (isSame(old, node) ? (old ?? node) : node),
};

export const taskKind: RowKind<Task> = {
  keyOf: ({ id }) => id,
  // A page may be read before a change and arrive after it: what has ended stays ended.
  merge: (old, task) => (old && (isSame(old, task) || hasEnded(old)) ? old : task),
};

export function hasEnded({ finishedAt }: Task): boolean {
  return finishedAt !== null;
}

/** `at`: when it arrived, in ms of this browser's clock. */
export function toVm({ uptimeSeconds, ...row }: VmRowFragment, at: number): Vm {
  return { ...row, uptime: uptimeAt(uptimeSeconds, at) };
}

export function withUsage(vm: Vm, usage: Usages[number], at: number): Vm {
  const { vmId: _, uptimeSeconds, ...readings } = usage;
  return { ...vm, ...readings, uptime: uptimeAt(uptimeSeconds, at) };
}

function uptimeAt(seconds: number | null, at: number): Uptime | null {
  return seconds === null ? null : { seconds, at };
}

/** Rounding and travel make each reading of an uptime differ by a little: that is no change. */
const jitterMs = 3_000;

function steady(old: Vm | undefined, vm: Vm): Vm {
  if (!old?.uptime || !vm.uptime || vm.stale || old.stale) return vm;
  const drift = vm.uptime.at - vm.uptime.seconds * 1000 - (old.uptime.at - old.uptime.seconds * 1000);
  return Math.abs(drift) < jitterMs ? { ...vm, uptime: old.uptime } : vm;
}

const mostTasks = 500;

/** An open page hears of tasks for weeks: the oldest that have ended are let go. */
export function withoutOldTasks(tasks: Collection<Task>): Collection<Task> {
  if (tasks.rows.size <= mostTasks) return tasks;
  const ended = [...tasks.rows.values()].filter(hasEnded).toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const rows = new Map(tasks.rows);
  for (const { id } of ended.slice(0, tasks.rows.size - mostTasks)) rows.delete(id);
  return { ...tasks, rows };
}
