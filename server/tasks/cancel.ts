/** Calls a task off, as long as that is possible. */
import type { ErrorCode } from "../errors.ts";
import { hasEnded, type Task, type TaskId } from "../model.ts";
import type { AuditedDeed } from "../store/store.ts";
import { callOff, isCancellable } from "./call-off.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Runner } from "./runner.ts";
import type { TaskAnswer, TaskStore } from "./tasks.ts";

export interface CancelOptions {
  readonly store: Pick<TaskStore, "task" | "appendAudit">;
  readonly runner: Pick<Runner, "job">;
  readonly dispatch: Pick<Dispatch, "settled">;
  /** For what another server runs. */
  readonly elsewhere: CancelElsewhere;
}

export interface CancelElsewhere {
  /** Has whoever runs the task call it off. */
  ask(task: Task, actor: string): Promise<TaskAnswer>;
  /** What came of that, of which it is on record already that it was asked. */
  outcome(id: TaskId): Promise<TaskAnswer>;
}

export async function cancelTask(request: { id: TaskId; actor: string }, options: CancelOptions): Promise<TaskAnswer> {
  const { id, actor } = request;
  const { store, runner, dispatch, elsewhere } = options;
  // It may be about to be taken up here.
  if (runner.job(id) === undefined) await dispatch.settled((await store.task(id))?.node ?? "");
  const job = runner.job(id);
  if (job === undefined) {
    const task = await store.task(id);
    if (task === undefined) return refused("NOT_FOUND", `There is no task with the id ${JSON.stringify(id)}.`);
    return hasEnded(task) ? answerForEnded(task) : elsewhere.ask(task, actor);
  }
  if (isCancellable(job)) await store.appendAudit(cancellationOf(job.record.task, actor));
  // It may have passed the point of no return meanwhile.
  if (job.phase !== "ending" && !(await callOff(job, actor))) return refused("CONFLICT", alreadySent(job.record.task));
  if (job.phase !== "sent" && !(await job.ended)) return elsewhere.outcome(id);
  const { task } = job.record;
  return hasEnded(task) ? answerForEnded(task) : accepted(task);
}

export function cancellationOf({ id, node, vmId }: Task, actor: string): AuditedDeed {
  return { actor, action: "CANCEL_TASK", taskId: id, node, vmId, input: JSON.stringify({ id }) };
}

export function answerForEnded(task: Task): TaskAnswer {
  if (task.state === "CANCELLED") return accepted(task);
  return refused(
    "CONFLICT",
    `Task ${task.id} has already ended as ${task.state}: ${task.result ?? ""} There is nothing left to cancel.`,
  );
}

export function alreadySent({ id, sentAt }: Task): string {
  return `The command of task ${id} was sent to the host at ${sentAt ?? "an unknown time"} and can't be called back. Wait for the task's end; if the outcome is not wanted, ask for the opposite then.`;
}

export function accepted(task: Task): TaskAnswer {
  return { task, commands: [], userErrors: [] };
}

export function refused(code: ErrorCode, message: string): TaskAnswer {
  return { task: null, commands: [], userErrors: [{ code, message, path: ["id"] }] };
}
