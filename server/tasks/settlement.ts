/** The ways a task ends, and what its record looks like then. */
import type { ErrorCode } from "../errors.ts";
import type { StepState, Task, TaskStep, Timestamp } from "../model.ts";
import type { Settlement } from "./use-case.ts";

export function succeeded(result: string): Settlement {
  return { state: "SUCCEEDED", result, error: null };
}

export function failed(code: ErrorCode, message: string): Settlement {
  return { state: "FAILED", result: message, error: { code, message } };
}

export function cancelled(result: string): Settlement {
  return { state: "CANCELLED", result, error: null };
}

/** Sent, and what became of it could not be observed; `message` says what to look for. */
export function unknown(message: string): Settlement {
  return { state: "UNKNOWN", result: message, error: { code: "OUTCOME_UNKNOWN", message } };
}

export function settled(task: Task, settlement: Settlement, at: Timestamp): Task {
  const { state, result, error } = settlement;
  const steps = task.steps.map((step) => ended(step, settlement, at));
  return {
    ...task,
    state,
    result,
    error,
    steps,
    progress: state === "SUCCEEDED" ? 100 : task.progress,
    finishedAt: at,
  };
}

const endOfRunningStep: Readonly<Record<Settlement["state"], StepState>> = {
  SUCCEEDED: "DONE",
  FAILED: "FAILED",
  CANCELLED: "SKIPPED",
  UNKNOWN: "FAILED",
};

function ended(step: TaskStep, settlement: Settlement, at: Timestamp): TaskStep {
  if (step.state === "PENDING") return { ...step, state: "SKIPPED" };
  if (step.state !== "RUNNING") return step;
  const detail = settlement.state === "SUCCEEDED" ? step.detail : settlement.result;
  return { ...step, state: endOfRunningStep[settlement.state], detail, finishedAt: at };
}
