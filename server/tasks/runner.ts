/**
 * Carries tasks out, whatever their kind: so many at once per node, each to a truthful end that is on record before
 * anybody is told of it. What a task does is its use case's matter.
 */
import { type Clock, timestampOf, within } from "../clock.ts";
import { AppError, isAppError, toAppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { NodeName, Revision, Task, TaskId, VmId } from "../model.ts";
import type { Lease } from "../store/leases.ts";
import { createJob, type Job, leaseLost } from "./job.ts";
import { createLanes } from "./lanes.ts";
import { cancelled, failed, settled, unknown } from "./settlement.ts";
import { createTaskRecord } from "./task-record.ts";
import type { TaskStore } from "./tasks.ts";
import type { Lane, Settlement, UseCase } from "./use-case.ts";

export interface Runner {
  /** Takes charge of a recorded task of a node that is held, once; one whose command was sent before is only observed. */
  start(task: Task, useCase: UseCase, lease: Lease): Job;
  /** The task's job, until its end is on record. */
  job(id: TaskId): Job | undefined;
  /** The job that may change this VM. */
  jobOfVm(id: VmId): Job | undefined;
  /** The job that holds this key (Plan.exclusive). */
  jobOfKey(key: string): Job | undefined;
  /** Is there work on this node? */
  isBusy(node: NodeName): boolean;
  /** Lets go of the node's tasks without an end: nothing more is sent. Resolves when nothing of them is under way. */
  letGo(node: NodeName): Promise<void>;
  /** What a view must hold to show everything that ended here; undefined as long as nothing did. */
  readonly newestRevision: Revision | undefined;
  /**
   * Calls off what was not sent, or lets go of it where others take it up, and waits for the rest, for `graceMs` at most;
   * what is then unfinished stays so on record.
   */
  close(graceMs: number): Promise<void>;
}

export interface RunnerOptions {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: Log;
  /** How many tasks of a lane work on one node at once. */
  readonly perNode: Readonly<Record<Lane, number>>;
  /** Is the lease valid at this moment. Default: always, for one server alone. */
  readonly isHeld?: (lease: Lease) => boolean;
  /** Told when the store refuses a write because another server has the node. */
  readonly onLost?: (lease: Lease) => void;
  /** Is there another server to take up what this one leaves unsent? Default: no. */
  readonly hasSuccessors?: () => Promise<boolean>;
}

/** How long the work may take to notice that it was called off, in ms. */
const noticeMs = 2000;
/** Pauses between attempts to write a task's end, in ms; the last one repeats. */
const endPausesMs = [500, 2000, 5000];
const lastEndPauseMs = 5000;

export function createRunner(options: RunnerOptions): Runner {
  const { store, clock, log, perNode, isHeld = () => true } = options;
  const jobs = new Map<TaskId, Job>();
  /** All that is under way, by the node it is about. */
  const work = new Map<Promise<void>, NodeName>();
  const lanes = { act: createLanes(perNode.act), creation: createLanes(perNode.creation) };
  let newestRevision: Revision | undefined;
  let isClosing = false;
  let hasOthers = false;

  async function carryOut(job: Job, useCase: UseCase): Promise<void> {
    const { handle } = job;
    const { lane } = useCase;
    const leave = lane === null ? undefined : await lanes[lane].enter(handle.task.node, handle.signal);
    try {
      const settlement = await settlementOf(job, useCase);
      if (settlement === undefined) await job.record.flush();
      const hasEnd = settlement !== undefined && (await writeEnd(job, settlement));
      job.record.close();
      jobs.delete(handle.task.id);
      job.finish(hasEnd);
      if (hasEnd) await tidy(handle.task, useCase);
    } finally {
      leave?.();
    }
  }

  /** Undefined: the server stops, or another one looks after the node; the task is taken up again as it is on record. */
  async function settlementOf(job: Job, useCase: UseCase): Promise<Settlement | undefined> {
    const { handle, record } = job;
    try {
      if (job.calledOff !== undefined) throw job.calledOff;
      if (handle.task.state !== "UNKNOWN") record.update({ state: "RUNNING" });
      record.update({ startedAt: handle.task.startedAt ?? timestampOf(clock.now()) });
      const settlement = await (handle.task.sentAt === null ? useCase.run(handle) : useCase.recover(handle));
      return isLetGo(job) || settlement.error?.code === "LEASE_LOST" ? undefined : settlement;
    } catch (thrown) {
      if (isLetGo(job) || isAppError(thrown, "LEASE_LOST")) return undefined;
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

  /** As long as it takes: until then the task is unfinished in everybody's eyes. False: let go of, unfinished. */
  async function writeEnd(job: Job, settlement: Settlement): Promise<boolean> {
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
    for (let attempt = 0; ; attempt += 1) {
      try {
        newestRevision = await job.record.commit(task);
        log.info(fields, task.result ?? "");
        return true;
      } catch (error) {
        if (isLetGo(job) || isAppError(error, "LEASE_LOST")) return false;
        if (attempt === 0) log.error({ ...fields, error }, "The end of a task could not be written; it is tried on.");
        if (isAppError(error, "NOT_FOUND")) return false;
        await clock.sleep(endPausesMs[attempt] ?? lastEndPauseMs, job.handle.stopping);
        if (job.handle.stopping.aborted) return false;
      }
    }
  }

  async function tidy(task: Task, useCase: UseCase): Promise<void> {
    await useCase.tidy?.(task).catch((error: unknown) => {
      log.debug({ taskId: task.id, node: task.node, error }, "What a task left on the host could not be removed.");
    });
  }

  function reasonToStop({ phase, record }: Job): AppError {
    return phase === "unsent" && hasOthers ? leaseLost(record.task) : stopping();
  }

  /** Who can't be told does not count on others. */
  async function findSuccessors(): Promise<boolean> {
    const found = options.hasSuccessors?.().catch(() => false);
    return found !== undefined && (await within(found, noticeMs, clock)) === true;
  }

  return {
    start(task, useCase, lease) {
      const known = jobs.get(task.id);
      if (known !== undefined) return known;
      const onLost = (reason: AppError): void => {
        job.callOff(reason);
        options.onLost?.(lease);
      };
      const isCancellableWhenSent = useCase.cancellation === "between-steps" && useCase.isSealed?.(task) !== true;
      const job = createJob(createTaskRecord(task, { store, lease, onLost, clock, log }), {
        clock,
        isCancellableWhenSent,
        isHeld: () => isHeld(lease),
      });
      jobs.set(task.id, job);
      if (isClosing) job.callOff(reasonToStop(job));
      const done = carryOut(job, useCase).finally(() => work.delete(done));
      work.set(done, task.node);
      return job;
    },
    job: (id) => jobs.get(id),
    jobOfVm: (id) => [...jobs.values()].find((job) => job.record.task.vmId === id),
    jobOfKey: (key) => [...jobs.values()].find((job) => exclusiveKeyOf(job.record.task) === key),
    isBusy: (node) => [...work.values()].includes(node),
    async letGo(node) {
      for (const job of jobs.values()) if (job.record.task.node === node) job.callOff(leaseLost(job.record.task));
      await Promise.allSettled([...work].filter(([, about]) => about === node).map(([done]) => done));
    },
    get newestRevision() {
      return newestRevision;
    },
    async close(graceMs) {
      hasOthers = await findSuccessors();
      isClosing = true;
      for (const job of jobs.values()) if (job.phase === "unsent" || isInDoubt(job)) job.callOff(reasonToStop(job));
      await within(Promise.allSettled(work.keys()), graceMs, clock);
      for (const job of jobs.values()) job.callOff(stopping());
      await within(Promise.allSettled(work.keys()), noticeMs, clock);
    },
  };
}

function isLetGo({ calledOff }: Job): boolean {
  return calledOff?.code === "LEASE_LOST";
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
