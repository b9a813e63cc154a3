import type { Task } from "../model.ts";
import type { TaskFilter } from "./ports.ts";

/** All given conditions must hold; within a list any one. */
export function matchesTask(task: Task, filter: TaskFilter): boolean {
  return (
    (filter.states?.includes(task.state) ?? true) &&
    (filter.kinds?.includes(task.kind) ?? true) &&
    (filter.nodes?.includes(task.node) ?? true) &&
    (filter.vmIds === undefined || (task.vmId !== null && filter.vmIds.includes(task.vmId)))
  );
}
