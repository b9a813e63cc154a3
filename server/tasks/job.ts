/** One task while this server works on it: its record, how far it is, and the handle its use case gets. */
import { type Clock, timestampOf } from "../clock.ts";
import type { AppError } from "../errors.ts";
import type { TaskStep } from "../model.ts";
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
  /** Resolves when the end is on record, or when this server let go of the task unfinished. */
  readonly ended: Promise<void>;
  /** Aborts the handle's signal. @param reason tells the user why */
  callOff(reason: AppError): void;
  readonly calledOff: AppError | undefined;
  /** From here on its end is being written. */
  ending(): void;
  finish(): void;
}

const seenAgain = { state: "RUNNING", result: null, error: null } as const;

const outputCap = 64 * 1024;

export interface JobOptions {
  readonly clock: Clock;
  readonly isCancellableWhenSent: boolean;
}

export function createJob(record: TaskRecord, { clock, isCancellableWhenSent }: JobOptions): Job {
  const cancelling = new AbortController();
  const stopping = new AbortController();
  const end = Promise.withResolvers<void>();
  let phase: Job["phase"] = record.task.sentAt === null ? "unsent" : "sent";
  let calledOff: AppError | undefined;
  let isSealed = false;
  const now = () => timestampOf(clock.now());

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
    callOff(reason) {
      // A cancelled task that is still being taken back when the server stops is taken up again at its next start.
      if (reason.code === "SHUTTING_DOWN" || calledOff === undefined) calledOff = reason;
      (reason.code === "SHUTTING_DOWN" ? stopping : cancelling).abort(reason);
    },
    get calledOff() {
      return calledOff;
    },
    ending() {
      phase = "ending";
    },
    finish: () => end.resolve(),
  };
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
