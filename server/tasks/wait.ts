/** Waits for the end of a task, and until it shows in the inventory: who then reads the VM reads its new state. */
import type { Clock } from "../clock.ts";
import type { Inventory } from "../inventory.ts";
import { hasEnded, type Task, type TaskId } from "../model.ts";
import type { Runner } from "./runner.ts";
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
  readonly clock: Clock;
}

export async function waitForTask(
  request: WaitRequest,
  { store, inventory, runner, clock }: WaitOptions,
): Promise<Task | undefined> {
  const { id, waitMs, signal } = request;
  const job = runner.job(id);
  const task = job?.record.task ?? (await store.task(id));
  if (task === undefined || waitMs <= 0) return task;

  const enough = new AbortController();
  const patience = clock.sleep(waitMs, AbortSignal.any([enough.signal, ...(signal === undefined ? [] : [signal])]));
  const shown = async () => {
    await job?.ended;
    if (runner.newestRevision !== undefined) await inventory.caughtUp(runner.newestRevision).catch(() => undefined);
  };
  try {
    if (job !== undefined || hasEnded(task)) await Promise.race([shown(), patience]);
  } finally {
    enough.abort();
  }
  return job?.record.task ?? task;
}
