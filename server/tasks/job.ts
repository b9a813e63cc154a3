/** One task while this server works on it: its record, how far it is, and the handle its use case gets. */
import { type Clock, timestampOf } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Task, TaskStep } from "../model.ts";
import { unknown } from "./settlement.ts";
import type { TaskRecord } from "./task-record.ts";
import type { TaskHandle } from "./use-case.ts";

export interface Job {
  readonly record: TaskRecord;
  readonly handle: TaskHandle;
  /** unsent: can be called off · sent: can only be observed · ending: how it ends is known and being written. */
  readonly phase: "unsent" | "sent" | "ending";
  /** May it be called off after it sent something? */
  readonly isCancellableWhenSent: boolean;
  /** Resolves with true when the end is on record, with false when this server let go of the task unfinished. */
  readonly ended: Promise<boolean>;
  /**
   * Aborts the handle's signal. LEASE_LOST: the task is let go of, whoever looks after its node next takes it up.
   * @param reason tells the user why
   */
  callOff(reason: AppError): void;
  readonly calledOff: AppError | undefined;
  /** From here on its end is being written. */
  ending(): void;
  finish(hasEnd: boolean): void;
}

export function leaseLost(task: Pick<Task, "id" | "node">): AppError {
  return new AppError("LEASE_LOST", `Another server looks after node ${task.node}, and goes on with task ${task.id}.`);
}

const seenAgain = { state: "RUNNING", result: null, error: null } as const;

const outputCap = 64 * 1024;

export interface JobOptions {
  readonly clock: Clock;
  readonly isCancellableWhenSent: boolean;
  /** May the task's node be touched at this moment? */
  readonly isHeld: () => boolean;
}

export function createJob(record: TaskRecord, { clock, isCancellableWhenSent, isHeld }: JobOptions): Job {
  const cancelling = new AbortController();
  const stopping = new AbortController();
  const end = Promise.withResolvers<boolean>();
  let phase: Job["phase"] = record.task.sentAt === null ? "unsent" : "sent";
  let calledOff: AppError | undefined;
  let isSealed = false;
  const now = () => timestampOf(clock.now());

  function callOff(reason: AppError): void {
    if (weightOf(reason) > weightOf(calledOff)) calledOff = reason;
    (reason.code === "CANCELLED" ? cancelling : stopping).abort(reason);
  }

  /** To write something down may take long: what follows it changes the host. */
  function mustBeHeld(): void {
    if (!isHeld()) callOff(leaseLost(record.task));
    if (calledOff?.code === "LEASE_LOST") throw calledOff;
  }

  async function markSent(facts: object): Promise<void> {
    if (calledOff !== undefined) throw calledOff;
    phase = "sent";
    const { task } = record;
    try {
      await record.commit({ sentAt: task.sentAt ?? now(), input: { ...task.input, ...facts } });
    } catch (error) {
      if (task.sentAt === null) phase = "unsent";
      record.update({ sentAt: task.sentAt });
      throw error;
    }
    mustBeHeld();
  }

  const handle: TaskHandle = {
    get task() {
      return record.task;
    },
    signal: AbortSignal.any([cancelling.signal, stopping.signal]),
    stopping: stopping.signal,
    step: (name) => record.update({ steps: stepTo(record.task.steps, name, now()) }),
    progress: (progress) => record.update({ progress }),
    command: (lines) => record.update({ commands: [...record.task.commands, ...lines] }),
    output: (text) => record.update({ hostOutput: cappedOutput(record.task.hostOutput, text) }),
    detail: (text) => record.update({ steps: detailed(record.task.steps, text) }),
    about: (vmId) => record.update({ vmId }),
    doubt(message) {
      const { state, result, error } = message === null ? seenAgain : unknown(message);
      record.update({ state, result, error });
    },
    seal() {
      isSealed = true;
    },
    markSent,
    remember: async (facts) => {
      await record.commit({ input: { ...record.task.input, ...facts } });
      mustBeHeld();
    },
  };

  return {
    record,
    handle,
    get phase() {
      return phase;
    },
    get isCancellableWhenSent() {
      return isCancellableWhenSent && !isSealed;
    },
    ended: end.promise,
    callOff,
    get calledOff() {
      return calledOff;
    },
    ending() {
      phase = "ending";
    },
    finish: (hasEnd) => end.resolve(hasEnd),
  };
}

/** A cancelled task that is still being taken back when the server stops is taken up again later; what is let go of has no end here. */
function weightOf(reason: AppError | undefined): number {
  if (reason === undefined) return 0;
  return reason.code === "LEASE_LOST" ? 3 : reason.code === "SHUTTING_DOWN" ? 2 : 1;
}

/** Steps in the order in which they were planned; one that was not planned joins at the end. */
function stepTo(steps: readonly TaskStep[], name: string, at: string): readonly TaskStep[] {
  const begun: TaskStep = { name, state: "RUNNING", detail: null, startedAt: at, finishedAt: null };
  const closed = steps.map((step) =>
    step.state === "RUNNING" ? { ...step, state: "DONE" as const, finishedAt: at } : step,
  );
  const place = closed.findIndex((step) => step.name === name);
  return place === -1 ? [...closed, begun] : closed.with(place, begun);
}

function detailed(steps: readonly TaskStep[], detail: string): readonly TaskStep[] {
  return steps.map((step) => (step.state === "RUNNING" ? { ...step, detail } : step));
}

const cutMark = "\n… cut here: more than 64 KiB.";

function cappedOutput(before: string, more: string): string {
  if (more === "" || before.endsWith(cutMark)) return before;
  const both = before === "" || before.endsWith("\n") ? before + more : `${before}\n${more}`;
  return Buffer.byteLength(both) <= outputCap ? both : Buffer.from(both).toString("utf8", 0, outputCap) + cutMark;
}
