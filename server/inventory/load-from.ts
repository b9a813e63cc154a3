/** What the view takes in at its start, and whenever the store's news can't be continued. */
import type { Task, TaskId } from "../model.ts";
import type { InventoryStore, StoredInventory } from "../store/store.ts";

export type Loadable = Pick<InventoryStore, "load" | "task" | "tasks">;

export interface Loaded {
  readonly stored: StoredInventory;
  readonly unfinished: readonly Task[];
}

const tasksPerRead = 500;

/** The inventory and the tasks that have not ended, none of them older than the inventory's revision. */
export async function loadFrom(store: Loadable): Promise<Loaded> {
  const stored = await store.load();
  const unfinished: Task[] = [];
  let after: string | undefined;
  do {
    const page = await store.tasks({ filter: { states: ["QUEUED", "RUNNING"] }, limit: tasksPerRead, after });
    unfinished.push(...page.tasks);
    after = page.hasMore ? page.cursors.at(-1) : undefined;
  } while (after !== undefined);
  return { stored, unfinished };
}

/** What became of tasks that were live when the news broke off and are not any more. */
export async function readEnded(store: Loadable, ids: readonly TaskId[]): Promise<readonly Task[]> {
  const tasks = await Promise.all(ids.map((id) => store.task(id)));
  return tasks.filter((task) => task !== undefined);
}
