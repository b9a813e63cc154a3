/** Calls a task off, as long as that is possible. */
import { AppError, type ErrorCode } from "../errors.ts";
import { hasEnded, type Task, type TaskId } from "../model.ts";
import type { AuditedDeed } from "../store/store.ts";
import type { Job } from "./job.ts";
import type { Runner } from "./runner.ts";
import type { TaskAnswer, TaskStore } from "./tasks.ts";

export interface CancelOptions {
  readonly store: Pick<TaskStore, "task" | "appendAudit">;
  readonly runner: Runner;
}

export async function cancelTask(
  request: { id: TaskId; actor: string },
  { store, runner }: CancelOptions,
): Promise<TaskAnswer> {
  const { id, actor } = request;
  const job = runner.job(id);
  if (job === undefined) return answerForStranger(id, await store.task(id));
  if (isCancellable(job)) await store.appendAudit(cancellationOf(job.record.task, actor));
  if (job.phase === "ending") await job.ended;
  else if (isCancellable(job)) {
    if (job.phase === "sent") await job.handle.remember({ cancelledBy: actor });
    // It may have passed the point of no return meanwhile.
    if (!isCancellable(job)) return refused("CONFLICT", alreadySent(job.record.task));
    job.callOff(new AppError("CANCELLED", `Cancelled by ${actor} before anything was sent; nothing was done.`));
    if (job.phase === "unsent") await job.ended;
  } else return refused("CONFLICT", alreadySent(job.record.task));
  const { task } = job.record;
  return hasEnded(task) ? answerForEnded(task) : accepted(task);
}

function isCancellable({ phase, isCancellableWhenSent }: Job): boolean {
  return phase === "unsent" || (phase === "sent" && isCancellableWhenSent);
}

function cancellationOf({ id, node, vmId }: Task, actor: string): AuditedDeed {
  return { actor, action: "CANCEL_TASK", taskId: id, node, vmId, input: JSON.stringify({ id }) };
}

function answerForStranger(id: TaskId, task: Task | undefined): TaskAnswer {
  if (task === undefined) return refused("NOT_FOUND", `There is no task with the id ${JSON.stringify(id)}.`);
  if (hasEnded(task)) return answerForEnded(task);
  return refused("CONFLICT", `Task ${id} is not run by this server, so it can't be cancelled here; wait for its end.`);
}

function answerForEnded(task: Task): TaskAnswer {
  if (task.state === "CANCELLED") return accepted(task);
  return refused(
    "CONFLICT",
    `Task ${task.id} has already ended as ${task.state}: ${task.result ?? ""} There is nothing left to cancel.`,
  );
}

function alreadySent({ id, sentAt }: Task): string {
  return `The command of task ${id} was sent to the host at ${sentAt ?? "an unknown time"} and can't be called back. Wait for the task's end; if the outcome is not wanted, ask for the opposite then.`;
}

function accepted(task: Task): TaskAnswer {
  return { task, commands: [], userErrors: [] };
}

function refused(code: ErrorCode, message: string): TaskAnswer {
  return { task: null, commands: [], userErrors: [{ code, message, path: ["id"] }] };
}
