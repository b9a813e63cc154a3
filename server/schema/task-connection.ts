import { AppError } from "../errors.ts";
import type { Task } from "../model.ts";
import { builder } from "./builder.ts";
import { connectionOf, forwardArguments, type Page, pageRequest } from "./connection.ts";
import { withoutNulls } from "./inputs.ts";
import type { TaskFilter, TaskPage } from "./ports.ts";
import { TaskKindEnum, TaskStateEnum } from "./task-states.ts";
import { TaskType } from "./task-type.ts";
import { VmType } from "./vm-type.ts";

const maxWaitMs = 60_000;

export const TaskFilterInput = builder.inputType("TaskFilter", {
  description: "Which tasks. All given conditions must hold; within a list any one.",
  fields: (t) => ({
    states: t.field({ type: [TaskStateEnum], description: "In one of these states." }),
    kinds: t.field({ type: [TaskKindEnum], description: "Of one of these kinds." }),
    node: t.string({ description: "On this node, by name." }),
    vmId: t.id({ description: "On this VM." }),
  }),
});

export function taskFilter(given: (typeof TaskFilterInput)["$inferInput"] | null | undefined): TaskFilter {
  const { node, vmId, ...lists } = withoutNulls(given ?? {});
  return {
    ...lists,
    ...(node !== undefined && { nodes: [node] }),
    ...(vmId !== undefined && { vmIds: [vmId] }),
  };
}

const TaskConnection = connectionOf<Task>("Task", TaskType);

builder.queryField("tasks", (t) =>
  t.field({
    type: TaskConnection,
    description: "The tasks on record, newest first.",
    args: {
      filter: t.arg({ type: TaskFilterInput, description: "Which ones. Default: all." }),
      runningFirst: t.arg.boolean({ description: "Those that have not ended before all others. Default false." }),
      ...forwardArguments(t.arg),
    },
    resolve: async (_, args, { taskLog }) => {
      const { first: limit = 0, after } = pageRequest(args);
      const runningFirst = args.runningFirst ?? false;
      return taskPage(await taskLog.tasks({ filter: taskFilter(args.filter), limit, after, runningFirst }), after);
    },
  }),
);

builder.objectField(VmType, "tasks", (t) =>
  t.field({
    type: TaskConnection,
    description: "The tasks of this VM on record, newest first.",
    args: forwardArguments(t.arg),
    resolve: async (vm, args, { loaders }) => {
      const { first: limit = 0, after } = pageRequest(args);
      return taskPage(await loaders.vmTasks.load({ vmId: vm.id, limit, after }), after);
    },
  }),
);

builder.queryField("task", (t) =>
  t.field({
    type: TaskType,
    nullable: true,
    description: "One task by its id; null when there is none.",
    args: {
      id: t.arg.id({ required: true, description: "The task's `id`." }),
      waitMs: t.arg.int({
        description:
          "Wait until the task has ended, at most this many milliseconds (0 to 60000), then answer it as it is. Default 0.",
      }),
    },
    resolve: (...[, args, { tasks, loaders }, info]) => {
      const waitMs = checkedWait(args.waitMs ?? 0);
      return waitMs === 0 ? loaders.task.load(args.id) : tasks.wait(args.id, waitMs, info.getAbortSignal());
    },
  }),
);

function taskPage(page: TaskPage, after: string | undefined): Page<Task> {
  return { ...page, items: page.tasks, hasNextPage: page.hasMore, hasPreviousPage: after !== undefined };
}

function checkedWait(waitMs: number): number {
  if (waitMs >= 0 && waitMs <= maxWaitMs) return waitMs;
  throw new AppError("INVALID_INPUT", `\`waitMs\` must be from 0 to ${maxWaitMs}; ${waitMs} was given.`);
}
