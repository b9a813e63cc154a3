/** What an earlier run of the server left unfinished. */
import { type Clock, timestampOf } from "../clock.ts";
import type { Log } from "../log.ts";
import { hasEnded, type Task, type TaskKind } from "../model.ts";
import type { Runner } from "./runner.ts";
import { cancelled, settled } from "./settlement.ts";
import type { TaskStore } from "./tasks.ts";
import type { UseCase } from "./use-case.ts";

export interface RecoveryOptions {
  readonly store: TaskStore;
  readonly runner: Runner;
  readonly useCases: Readonly<Record<TaskKind, UseCase>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Ends what was never sent, and has the rest observed. Tasks of this run are left alone. */
export async function recoverTasks({ store, runner, useCases, clock, log }: RecoveryOptions): Promise<void> {
  for (const task of await unfinishedTasks(store)) {
    if (runner.job(task.id) !== undefined) continue;
    if (task.sentAt === null) {
      const end = cancelled("The server stopped before anything was sent; nothing was done.");
      await store.saveTask(settled(task, end, timestampOf(clock.now())));
    } else {
      runner.start(task, useCases[task.kind]);
    }
    log.info(
      { taskId: task.id, kind: task.kind, node: task.node, wasSent: task.sentAt !== null },
      "A task of an earlier run was taken up.",
    );
  }
}

const pageSize = 500;

async function unfinishedTasks(store: TaskStore): Promise<readonly Task[]> {
  const found: Task[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await store.tasks({ filter: { states: ["QUEUED", "RUNNING", "UNKNOWN"] }, limit: pageSize, after });
    found.push(...page.tasks.filter((task) => !hasEnded(task)));
    after = page.cursors.at(-1);
    if (!page.hasMore || after === undefined) return found;
  }
}
