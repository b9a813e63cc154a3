/** Waits for the end of a task, and until it shows in the inventory: who then reads the VM reads its new state. */
import type { Clock } from "../clock.ts";
import type { Inventory } from "../inventory.ts";
import { hasEnded, type Revision, type Task, type TaskId } from "../model.ts";
import type { Runner } from "./runner.ts";
import type { TaskNews } from "./task-news.ts";
import type { TaskStore } from "./tasks.ts";

export interface WaitRequest {
  readonly id: TaskId;
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface WaitOptions {
  readonly store: Pick<TaskStore, "task">;
  readonly inventory: Pick<Inventory, "caughtUp">;
  readonly runner: Runner;
  readonly news: TaskNews;
  /** Of the newest task that was heard of. */
  readonly heardRevision: () => Revision | undefined;
  readonly clock: Clock;
}

export async function waitForTask(request: WaitRequest, options: WaitOptions): Promise<Task | undefined> {
  const { id, waitMs, signal } = request;
  const { store, runner, clock } = options;
  const job = runner.job(id);
  const task = job?.record.task ?? (await store.task(id));
  if (task === undefined || waitMs <= 0) return task;

  const enough = new AbortController();
  const over = AbortSignal.any([enough.signal, ...(signal === undefined ? [] : [signal])]);
  const patience = clock.sleep(waitMs, over);
  try {
    const ended = await Promise.race([shownEnd(id, over, options), patience]);
    return ended ?? runner.job(id)?.record.task ?? (await store.task(id));
  } finally {
    enough.abort();
  }
}

/** Undefined: it was over before. */
async function shownEnd(id: TaskId, over: AbortSignal, options: WaitOptions): Promise<Task | undefined> {
  const { runner, news, inventory, heardRevision } = options;
  const job = runner.job(id);
  const endedHere = job !== undefined && (await job.ended);
  const task = endedHere ? job.record.task : await news.until(id, hasEnded, over);
  for (const revision of [runner.newestRevision, heardRevision()])
    if (revision !== undefined) await inventory.caughtUp(revision).catch(() => undefined);
  return task;
}
