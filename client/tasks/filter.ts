/** Which tasks are shown, and in which order. Pure. */
import type { TaskKind, TaskState } from "../gql/graphql.ts";
import { hasEnded } from "../inventory/rows.ts";
import type { Task } from "../inventory/state.ts";

/** Empty lists and what is left out let everything through. */
export interface TaskView {
  readonly states: readonly TaskState[];
  readonly kinds: readonly TaskKind[];
  readonly node?: string;
  readonly vmId?: string;
}

export const everyTask: TaskView = { states: [], kinds: [] };

/** The same as the API's filter. */
export function toFilter({ states, kinds, node, vmId }: TaskView) {
  return {
    states: states.length > 0 ? [...states] : undefined,
    kinds: kinds.length > 0 ? [...kinds] : undefined,
    node,
    vmId,
  };
}

export function matches(task: Task, { states, kinds, node, vmId }: TaskView): boolean {
  if (states.length > 0 && !states.includes(task.state)) return false;
  if (kinds.length > 0 && !kinds.includes(task.kind)) return false;
  return (node === undefined || task.nodeName === node) && (vmId === undefined || task.vmId === vmId);
}

/** Those that have not ended first, and the newest first among each. */
export function inOrder(tasks: Iterable<Task>): readonly Task[] {
  return [...tasks].sort((a, b) => {
    if (hasEnded(a) !== hasEnded(b)) return hasEnded(a) ? 1 : -1;
    if (a.createdAt !== b.createdAt) return a.createdAt > b.createdAt ? -1 : 1;
    return a.id > b.id ? -1 : 1;
  });
}
