/** Reads the store's news for as long as the view lives, and loads again whenever they can't be continued. */
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log.ts";
import type { Revision, Task, TaskId } from "../model.ts";
import type { InventoryStore, StoredInventory, StoreNews } from "../store/store.ts";

export type Followable = Pick<InventoryStore, "load" | "watch" | "task" | "tasks">;

export interface Loaded {
  readonly stored: StoredInventory;
  readonly unfinished: readonly Task[];
}

export interface FollowOptions {
  readonly store: Followable;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onNews: (news: StoreNews) => void;
  /** Takes the inventory anew and answers the revision from which to go on. */
  readonly reload: () => Promise<Revision>;
}

const retryMs = 1_000;
const tasksPerRead = 500;

/** Resolves when the signal is aborted or the store has closed; never rejects. */
export async function followStore(
  from: Revision,
  { store, log, signal, onNews, reload }: FollowOptions,
): Promise<void> {
  async function readNews(since: Revision): Promise<"reset" | "ended"> {
    for await (const news of store.watch(since, signal)) {
      if (news.kind === "reset") return "reset";
      onNews(news);
    }
    return "ended";
  }

  let since: Revision | undefined = from;
  while (!signal.aborted) {
    try {
      if ((await readNews(since ?? (await reload()))) === "ended") return;
      log.warn({}, "The store's news could not be continued; the inventory is loaded again.");
    } catch (error) {
      log.error({ error }, "The store's news broke off; the inventory is loaded again in a second.");
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
    since = undefined;
  }
}

/** The inventory and the tasks that have not ended, none of them older than the inventory's revision. */
export async function loadFrom(store: Followable): Promise<Loaded> {
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
export async function readEnded(store: Followable, ids: readonly TaskId[]): Promise<readonly Task[]> {
  const tasks = await Promise.all(ids.map((id) => store.task(id)));
  return tasks.filter((task) => task !== undefined);
}
