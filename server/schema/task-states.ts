import type { StepState, TaskKind, TaskState } from "../model.ts";
import { describedEnum } from "./described-enum.ts";

export const TaskKindEnum = describedEnum<TaskKind>("TaskKind", "What a task does.", {
  SET_POWER: "Changes a VM's power.",
  ANSWER_QUESTION: "Answers a VM's question.",
  REFRESH_NODE: "Looks at a node in full.",
  CREATE_VM: "Creates a VM.",
});

export const TaskStateEnum = describedEnum<TaskState>("TaskState", "How far a task is.", {
  QUEUED: "Recorded and waiting for its turn.",
  RUNNING: "Under way.",
  SUCCEEDED: "Ended: what was asked for was observed on the host.",
  FAILED: "Ended without it; `error` says why.",
  CANCELLED: "Ended on request: nothing was sent, or what had been made was taken back.",
  UNKNOWN:
    "The command was sent and its outcome could not be observed. Without `finishedAt` the host is still being asked, and the task settles when it answers.",
});

export const StepStateEnum = describedEnum<StepState>("TaskStepState", "How far a step of a task is.", {
  PENDING: "Not begun.",
  RUNNING: "Under way.",
  DONE: "Done.",
  FAILED: "Failed.",
  SKIPPED: "Not needed.",
});
