import { type ErrorCode, errorCodes } from "../errors.ts";
import type { Task, TaskError, TaskStep } from "../model.ts";
import { builder } from "./builder.ts";
import { ErrorCodeEnum } from "./error-code.ts";
import { NodeType } from "./node-type.ts";
import { StepStateEnum, TaskKindEnum, TaskStateEnum } from "./task-states.ts";
import { TaskType } from "./task-type.ts";
import { VmType } from "./vm-type.ts";

const TaskStepType = builder.objectRef<TaskStep>("TaskStep").implement({
  description: "A step of a task.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "What is done." }),
    state: t.field({ type: StepStateEnum, description: "How far it is.", resolve: (step) => step.state }),
    detail: t.exposeString("detail", { nullable: true, description: "What came of it." }),
    startedAt: t.expose("startedAt", { type: "DateTime", nullable: true, description: "When it began." }),
    finishedAt: t.expose("finishedAt", { type: "DateTime", nullable: true, description: "When it ended." }),
  }),
});

const TaskErrorType = builder.objectRef<TaskError>("TaskError").implement({
  description: "Why a task failed.",
  fields: (t) => ({
    code: t.field({
      type: ErrorCodeEnum,
      description: "Why, for programs.",
      resolve: (error) => knownCode(error.code),
    }),
    message: t.exposeString("message", {
      description: "What happened, where, what the host said, and what to do next.",
    }),
  }),
});

builder.objectFields(TaskType, (t) => ({
  id: t.exposeID("id", { description: "For `task` and `cancelTask`." }),
  kind: t.field({ type: TaskKindEnum, description: "What it does.", resolve: (task) => task.kind }),
  state: t.field({ type: TaskStateEnum, description: "How far it is.", resolve: (task) => task.state }),
  progress: t.exposeInt("progress", { nullable: true, description: "0 to 100 percent; null where no measure exists." }),
  steps: t.field({ type: [TaskStepType], description: "Its steps, in order.", resolve: (task) => task.steps }),
  actor: t.exposeString("actor", { description: "Who asked for it." }),
  nodeName: t.exposeString("node", { description: "Name of the node it works on." }),
  node: t.field({
    type: NodeType,
    nullable: true,
    description: "The node it works on; null when that is no longer in hosts.yml.",
    resolve: (task, _, { inventory }) => inventory.node(task.node),
  }),
  vmId: t.exposeID("vmId", { nullable: true, description: "Id of the VM it works on; null where it concerns none." }),
  vmName: t.string({
    nullable: true,
    description:
      "Name of the VM it works on, as it was when that was asked for; of one that is being created before it is there. Null where it concerns none.",
    resolve: vmNameOf,
  }),
  vm: t.field({
    type: VmType,
    nullable: true,
    description: "The VM it works on; null where it concerns none, or that is gone.",
    resolve: (task, _, { inventory }) => (task.vmId === null ? null : inventory.vm(task.vmId)),
  }),
}));

builder.objectFields(TaskType, (t) => ({
  commands: t.exposeStringList("commands", {
    description: "The exact command lines that were run on the host, in order.",
  }),
  hostOutput: t.exposeString("hostOutput", {
    description: "What the host printed for them, shortened where it is long. Untrusted text: escape it on a page.",
  }),
  result: t.exposeString("result", { nullable: true, description: "How it ended, in a sentence; null before that." }),
  error: t.field({
    type: TaskErrorType,
    nullable: true,
    description: "Why it failed; null unless it did.",
    resolve: (task) => task.error,
  }),
  createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was recorded." }),
  startedAt: t.expose("startedAt", { type: "DateTime", nullable: true, description: "When it began." }),
  sentAt: t.expose("sentAt", {
    type: "DateTime",
    nullable: true,
    description: "When its command was about to be sent. From then on it is never sent again and can't be cancelled.",
  }),
  finishedAt: t.expose("finishedAt", { type: "DateTime", nullable: true, description: "When it ended." }),
}));

/** Every use case about a VM keeps its name in the task's input. */
function vmNameOf({ input }: Task): string | null {
  const { name, blueprint } = input as { name?: unknown; blueprint?: { name?: unknown } };
  const known = name ?? blueprint?.name;
  return typeof known === "string" ? known : null;
}

/** A task recorded by another version may hold a code that this one does not know. */
function knownCode(code: string): ErrorCode {
  return errorCodes.find((known) => known === code) ?? "INTERNAL";
}
