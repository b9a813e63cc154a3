import DataLoader from "dataloader";
import type { Inventory } from "../inventory.ts";
import type { Task, TaskId, VmId } from "../model.ts";
import type { TaskLog, TaskPage } from "./ports.ts";

/**
 * Batches of one tick, without a memory: a context may live as long as a subscription, and a task read a minute ago
 * is no answer now.
 */
export interface Loaders {
  readonly task: DataLoader<TaskId, Task | undefined>;
  readonly vmTasks: DataLoader<VmTasksKey, TaskPage>;
}

export interface VmTasksKey {
  readonly vmId: VmId;
  readonly limit: number;
  readonly after: string | undefined;
}

export function createLoaders(taskLog: TaskLog, inventory: Pick<Inventory, "liveTask">): Loaders {
  return {
    task: new DataLoader((ids) => readOnce(ids, async (id) => inventory.liveTask(id) ?? taskLog.task(id)), {
      cache: false,
    }),
    vmTasks: new DataLoader(
      (keys) =>
        readOnce(keys.map(serialised), (key) => {
          const [vmId, limit, after] = JSON.parse(key) as [VmId, number, string | null];
          return taskLog.tasks({ filter: { vmIds: [vmId] }, limit, after: after ?? undefined });
        }),
      { cache: false },
    ),
  };
}

function serialised(key: VmTasksKey): string {
  return JSON.stringify([key.vmId, key.limit, key.after]);
}

/** The same thing asked for several times in a batch is read once. */
async function readOnce<V>(keys: readonly string[], read: (key: string) => Promise<V>): Promise<V[]> {
  const reads = new Map<string, Promise<V>>();
  for (const key of keys) if (!reads.has(key)) reads.set(key, read(key));
  return Promise.all(keys.map((key) => reads.get(key) ?? read(key)));
}
