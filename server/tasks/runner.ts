/**
 * Carries tasks out, whatever their kind: so many at once per node, each to a truthful end that is on record before
 * anybody is told of it. What a task does is its use case's matter.
 */
import { type Clock, timestampOf } from "../clock.ts";
import { AppError, toAppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Revision, Task, TaskId, VmId } from "../model.ts";
import { createJob, type Job } from "./job.ts";
import { createLanes } from "./lanes.ts";
import { cancelled, failed, settled, unknown } from "./settlement.ts";
import { createTaskRecord } from "./task-record.ts";
import type { TaskStore } from "./tasks.ts";
import type { Lane, Settlement, UseCase } from "./use-case.ts";

export interface Runner {
  /** Takes charge of a recorded task; one whose command was sent before is only observed. */
  start(task: Task, useCase: UseCase): void;
  /** The task's job, until its end is on record. */
  job(id: TaskId): Job | undefined;
  /** The job that may change this VM. */
  jobOfVm(id: VmId): Job | undefined;
  /** The job that holds this key (Plan.exclusive). */
  jobOfKey(key: string): Job | undefined;
  /** What a view must hold to show everything that ended here; undefined as long as nothing did. */
  readonly newestRevision: Revision | undefined;
  /** Calls off what was not sent and waits for the rest, for `graceMs` at most; what is then unfinished stays so on record. */
  close(graceMs: number): Promise<void>;
}

export interface RunnerOptions {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: Log;
  /** How many tasks of a lane work on one node at once. */
  readonly perNode: Readonly<Record<Lane, number>>;
}

/** How long the work may take to notice that it was called off, in ms. */
const noticeMs = 2000;
/** Pauses between attempts to write a task's end, in ms. */
const endPausesMs = [500, 2000, 5000];

export function createRunner({ store, clock, log, perNode }: RunnerOptions): Runner {
  const jobs = new Map<TaskId, Job>();
  const work = new Set<Promise<void>>();
  const lanes = { act: createLanes(perNode.act), creation: createLanes(perNode.creation) };
  let newestRevision: Revision | undefined;
  let isClosing = false;

  async function carryOut(job: Job, useCase: UseCase): Promise<void> {
    const { handle } = job;
    const { lane } = useCase;
    const leave = lane === null ? undefined : await lanes[lane].enter(handle.task.node, handle.signal);
    try {
      const settlement = await settlementOf(job, useCase);
      if (settlement === undefined) await job.record.flush();
      else await writeEnd(job, settlement);
      jobs.delete(handle.task.id);
      job.finish();
      if (settlement !== undefined) await tidy(handle.task, useCase);
    } finally {
      leave?.();
    }
  }

  /** Undefined: the server stops; the task is observed and ended at its next start. */
  async function settlementOf(job: Job, useCase: UseCase): Promise<Settlement | undefined> {
    const { handle, record } = job;
    try {
      if (job.calledOff !== undefined) throw job.calledOff;
      if (handle.task.state !== "UNKNOWN") record.update({ state: "RUNNING" });
      record.update({ startedAt: handle.task.startedAt ?? timestampOf(clock.now()) });
      return await (handle.task.sentAt === null ? useCase.run(handle) : useCase.recover(handle));
    } catch (thrown) {
      const wasSent = handle.task.sentAt !== null;
      if (job.calledOff !== undefined && !wasSent) return cancelled(job.calledOff.message);
      if (job.calledOff?.code === "SHUTTING_DOWN") return undefined;
      const error = toAppError(thrown);
      log.error({ taskId: handle.task.id, error: thrown }, "A task's work failed unexpectedly.");
      if (!wasSent) return failed(error.code, `${error.message} Nothing was sent to the host.`);
      return unknown(
        `The command was sent; what became of it was not observed: ${error.message} Look at the VM before trying again.`,
      );
    }
  }

  async function writeEnd(job: Job, settlement: Settlement): Promise<void> {
    job.ending();
    const task = settled(job.record.task, settlement, timestampOf(clock.now()));
    const fields = {
      taskId: task.id,
      kind: task.kind,
      node: task.node,
      vmId: task.vmId,
      state: task.state,
      code: task.error?.code,
    };
    for (const pauseMs of [...endPausesMs, undefined]) {
      try {
        newestRevision = await job.record.commit(task);
        log.info(fields, task.result ?? "");
        return;
      } catch (error) {
        log.error(
          { ...fields, error },
          "The end of a task could not be written; without it the task is observed again at the next start.",
        );
        if (pauseMs !== undefined) await clock.sleep(pauseMs);
      }
    }
  }

  async function tidy(task: Task, useCase: UseCase): Promise<void> {
    await useCase.tidy?.(task).catch((error: unknown) => {
      log.debug({ taskId: task.id, node: task.node, error }, "What a task left on the host could not be removed.");
    });
  }

  return {
    start(task, useCase) {
      const isCancellableWhenSent = useCase.cancellation === "between-steps" && useCase.isSealed?.(task) !== true;
      const job = createJob(createTaskRecord(task, { store, clock, log }), { clock, isCancellableWhenSent });
      jobs.set(task.id, job);
      if (isClosing) job.callOff(stopping());
      const done = carryOut(job, useCase).finally(() => work.delete(done));
      work.add(done);
    },
    job: (id) => jobs.get(id),
    jobOfVm: (id) => [...jobs.values()].find((job) => job.record.task.vmId === id),
    jobOfKey: (key) => [...jobs.values()].find((job) => exclusiveKeyOf(job.record.task) === key),
    get newestRevision() {
      return newestRevision;
    },
    async close(graceMs) {
      isClosing = true;
      for (const job of jobs.values()) if (job.phase === "unsent" || isInDoubt(job)) job.callOff(stopping());
      const grace = new AbortController();
      await Promise.race([Promise.allSettled(work), clock.sleep(graceMs, grace.signal)]);
      grace.abort();
      for (const job of jobs.values()) job.callOff(stopping());
      const notice = new AbortController();
      await Promise.race([Promise.allSettled(work), clock.sleep(noticeMs, notice.signal)]);
      notice.abort();
    },
  };
}

/** It waits for its host, maybe for hours. */
function isInDoubt({ phase, record }: Job): boolean {
  return phase === "sent" && record.task.state === "UNKNOWN";
}

/** Kept in the task's input, so that it holds after a restart too. */
function exclusiveKeyOf({ input }: Task): unknown {
  return input["exclusive"];
}

function stopping(): AppError {
  return new AppError("SHUTTING_DOWN", "The server stopped before anything was sent; nothing was done.");
}
