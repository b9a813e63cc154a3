/** Subscribers to nodes, readings and tasks: what moved more than once before they read is told once. */
import { AppError } from "../errors.ts";
import type { NodeChange } from "../inventory.ts";
import type { Node, NodeName, Revision, Task, TaskId, Vm, VmId } from "../model.ts";
import type { VmPredicate } from "./vm-filter.ts";
import type { Watcher } from "./watchers.ts";

export interface NodeWatcher extends Watcher<NodeChange> {
  note(names: Iterable<NodeName>): void;
}

/** The nodes and the revision as they are when he reads. */
export interface NodeSource {
  readonly revision: () => Revision;
  readonly node: (name: NodeName) => Node | undefined;
}

export function createNodeWatcher({ revision, node }: NodeSource): NodeWatcher {
  const pending = new Set<NodeName>();
  return {
    note(names) {
      for (const name of names) pending.add(name);
    },
    take() {
      if (pending.size === 0) return undefined;
      const names = [...pending];
      pending.clear();
      return {
        revision: revision(),
        nodes: names.flatMap((name) => node(name) ?? []),
        removed: names.filter((name) => node(name) === undefined),
      };
    },
  };
}

export interface UsageWatcher extends Watcher<readonly VmId[]> {
  note(ids: Iterable<VmId>): void;
}

export function createUsageWatcher(matches: VmPredicate, vm: (id: VmId) => Vm | undefined): UsageWatcher {
  const pending = new Set<VmId>();
  return {
    note(ids) {
      for (const id of ids) pending.add(id);
    },
    take() {
      const ids = [...pending].filter((id) => {
        const current = vm(id);
        return current !== undefined && matches(current);
      });
      pending.clear();
      return ids.length === 0 ? undefined : ids;
    },
  };
}

export interface TaskWatcher extends Watcher<readonly Task[]> {
  note(task: Task): void;
}

/** A reader with more than `maxPending` tasks waiting is cut off: there is no message that would tell him to read again. */
export function createTaskWatcher(matches: (task: Task) => boolean, maxPending: number): TaskWatcher {
  const pending = new Map<TaskId, Task>();
  let isCutOff = false;
  return {
    note(task) {
      if (isCutOff) return;
      if (matches(task)) pending.set(task.id, task);
      else pending.delete(task.id);
      if (pending.size <= maxPending) return;
      isCutOff = true;
      pending.clear();
    },
    take() {
      if (isCutOff) {
        throw new AppError(
          "LIMIT_EXCEEDED",
          "Tasks changed faster than they were read. Read the tasks and subscribe again.",
        );
      }
      if (pending.size === 0) return undefined;
      const tasks = [...pending.values()];
      pending.clear();
      return tasks;
    },
  };
}
