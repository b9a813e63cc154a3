/** Words for tasks. */
import type { TaskKind, TaskState, TaskStepState } from "../gql/graphql.ts";

export const kindWords: Readonly<Record<TaskKind, string>> = {
  ANSWER_QUESTION: "Answer",
  CREATE_VM: "Create",
  REFRESH_NODE: "Refresh",
  SET_POWER: "Power",
};

export const taskStateWords: Readonly<Record<TaskState, string>> = {
  QUEUED: "Waiting",
  RUNNING: "Running",
  SUCCEEDED: "Succeeded",
  FAILED: "Failed",
  CANCELLED: "Cancelled",
  UNKNOWN: "Outcome not known",
};

/** `UNKNOWN` is an end only with `finishedAt`: without it the host is still being asked. */
export function taskStateText(state: TaskState, finishedAt: string | null): string {
  return state === "UNKNOWN" && finishedAt === null ? "Still being asked" : taskStateWords[state];
}

export const stepStateWords: Readonly<Record<TaskStepState, string>> = {
  PENDING: "not begun",
  RUNNING: "under way",
  DONE: "done",
  FAILED: "failed",
  SKIPPED: "not needed",
};
