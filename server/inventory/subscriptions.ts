/** Everybody who follows the view, and how he is told. */
import type { Inventory, NodeChange, VmChange, VmFilter } from "../inventory.ts";
import type { Node, NodeName, Revision, Task, Vm, VmId } from "../model.ts";
import type { VmTransition } from "./inventory-state.ts";
import type { NodeWatcher, TaskWatcher, UsageWatcher } from "./other-watchers.ts";
import { createNodeWatcher, createTaskWatcher, createUsageWatcher } from "./other-watchers.ts";
import type { VmPredicate } from "./vm-filter.ts";
import type { VmWatcher } from "./vm-watcher.ts";
import { createVmWatcher } from "./vm-watcher.ts";
import { createWatchers } from "./watchers.ts";

type Watches = Pick<Inventory, "watchVms" | "watchUsage" | "watchNodes" | "watchTasks">;

export interface Subscriptions extends Watches {
  readonly count: number;
  tellVms(transitions: readonly VmTransition[]): void;
  /** VM subscribers must read again. */
  tellReset(): void;
  tellNodes(names: readonly NodeName[]): void;
  tellUsage(ids: readonly VmId[]): void;
  tellTask(task: Task): void;
  close(): void;
}

/** The view as it is at the moment of the call. */
export interface SubscriptionSource {
  readonly revision: () => Revision;
  readonly vm: (id: VmId) => Vm | undefined;
  readonly node: (name: NodeName) => Node | undefined;
  /** VMs changed or removed since; undefined when that can't be told. */
  readonly vmsSince: (since: Revision) => readonly VmId[] | undefined;
}

export interface SubscriptionOptions {
  readonly source: SubscriptionSource;
  readonly maxPendingVms: number;
  readonly maxPendingTasks: number;
  readonly compile: (filter: VmFilter) => VmPredicate;
}

export function createSubscriptions(options: SubscriptionOptions): Subscriptions {
  const { source, compile } = options;
  const vmWatchers = createWatchers<VmChange, VmWatcher>();
  const usageWatchers = createWatchers<readonly VmId[], UsageWatcher>();
  const nodeWatchers = createWatchers<NodeChange, NodeWatcher>();
  const taskWatchers = createWatchers<readonly Task[], TaskWatcher>();

  return {
    watchVms(filter, since, signal) {
      const watcher = createVmWatcher({
        matches: compile(filter),
        missed: since === undefined ? undefined : (source.vmsSince(since) ?? "unknown"),
        maxPending: options.maxPendingVms,
        revision: source.revision,
        vm: source.vm,
      });
      return vmWatchers.open(watcher, signal);
    },
    watchUsage: (filter, signal) => usageWatchers.open(createUsageWatcher(compile(filter), source.vm), signal),
    watchNodes: (signal) => nodeWatchers.open(createNodeWatcher(source), signal),
    watchTasks: (matches, signal) => taskWatchers.open(createTaskWatcher(matches, options.maxPendingTasks), signal),

    get count() {
      return vmWatchers.count + usageWatchers.count + nodeWatchers.count + taskWatchers.count;
    },
    tellVms(transitions) {
      if (transitions.length > 0) vmWatchers.tell((watcher) => watcher.note(transitions));
    },
    tellReset: () => vmWatchers.tell((watcher) => watcher.reset()),
    tellNodes(names) {
      if (names.length > 0) nodeWatchers.tell((watcher) => watcher.note(names));
    },
    tellUsage(ids) {
      if (ids.length > 0) usageWatchers.tell((watcher) => watcher.note(ids));
    },
    tellTask: (task) => taskWatchers.tell((watcher) => watcher.note(task)),
    close() {
      vmWatchers.close();
      usageWatchers.close();
      nodeWatchers.close();
      taskWatchers.close();
    },
  };
}
