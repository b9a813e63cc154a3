/**
 * Calls off a task that another server runs, or will run: the wish goes on record, where that one hears of it, and the
 * task's next news show what came of it.
 */
import type { Clock } from "../clock.ts";
import { hasEnded, type Task, type TaskId, type TaskKind } from "../model.ts";
import { accepted, alreadySent, answerForEnded, type CancelElsewhere, cancellationOf, refused } from "./cancel.ts";
import type { TaskNews } from "./task-news.ts";
import type { TaskAnswer, TaskStore } from "./tasks.ts";
import type { UseCase } from "./use-case.ts";

export interface CancelElsewhereOptions {
  readonly store: Pick<TaskStore, "task" | "appendAudit">;
  readonly news: TaskNews;
  readonly useCases: Readonly<Record<TaskKind, UseCase>>;
  readonly clock: Clock;
}

/** How long is waited for the other server, in ms. */
const patienceMs = 5000;

export function createCancelElsewhere({ store, news, useCases, clock }: CancelElsewhereOptions): CancelElsewhere {
  function isTooLate(task: Task): boolean {
    const useCase = useCases[task.kind];
    return task.sentAt !== null && (useCase.cancellation === "before-sent" || useCase.isSealed?.(task) === true);
  }

  function answerFor(task: Task): TaskAnswer | undefined {
    if (hasEnded(task)) return answerForEnded(task);
    if (task.input["cancelledBy"] !== undefined) return accepted(task);
    return isTooLate(task) ? refused("CONFLICT", alreadySent(task)) : undefined;
  }

  async function outcome(id: TaskId): Promise<TaskAnswer> {
    const enough = new AbortController();
    void clock.sleep(patienceMs, enough.signal).then(() => enough.abort());
    const task = await news.until(id, (seen) => answerFor(seen) !== undefined, enough.signal);
    enough.abort();
    return (task && answerFor(task)) ?? refused("TIMEOUT", unheard(id));
  }

  return {
    async ask(task, actor) {
      if (isTooLate(task)) return refused("CONFLICT", alreadySent(task));
      await store.appendAudit(cancellationOf(task, actor));
      return outcome(task.id);
    },
    outcome,
  };
}

function unheard(id: TaskId): string {
  return `That task ${id} is to be cancelled is on record, but the server that looks after its node has not said within ${patienceMs / 1000} s what came of it. It is heeded if nothing was sent before. Look at the task again.`;
}
