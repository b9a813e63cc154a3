import type { NodeChange, VmChange } from "../inventory.ts";
import type { Task } from "../model.ts";
import { builder } from "./builder.ts";
import { describedEnum } from "./described-enum.ts";
import { live } from "./live.ts";
import { NodeType } from "./node-type.ts";
import { TaskFilterInput, taskFilter } from "./task-connection.ts";
import { matchesTask } from "./task-match.ts";
import { TaskType } from "./task-type.ts";
import { VmFilterInput, vmFilter } from "./vm-filter.ts";
import { VmType } from "./vm-type.ts";

const ChangeKindEnum = describedEnum<VmChange["kind"]>("ChangeKind", "How to take a message of changes.", {
  CHANGES: "Apply `upserted` and `removed` to what you have.",
  RESET: "Too much was missed to tell the difference: read the list again and go on from this `revision`.",
});

const VmsChange = builder.objectRef<VmChange>("VmsChange").implement({
  description: "What changed among the VMs of a filter. Readings and ages alone are no change.",
  fields: (t) => ({
    kind: t.field({ type: ChangeKindEnum, description: "How to take it.", resolve: (change) => change.kind }),
    revision: t.exposeString("revision", { description: "Where to resume: `since` of the next subscription." }),
    upserted: t.field({
      type: [VmType],
      description: "New, changed, or matching the filter since now.",
      resolve: (change) => change.upserted,
    }),
    removed: t.field({
      type: ["ID"],
      description: "Deleted, or no longer matching the filter.",
      resolve: (change) => change.removed,
    }),
  }),
});

const NodesChange = builder.objectRef<NodeChange>("NodesChange").implement({
  description: "What changed among the nodes, their age and load included.",
  fields: (t) => ({
    revision: t.exposeString("revision", { description: "The state of the inventory after it." }),
    upserted: t.field({
      type: [NodeType],
      description: "New, changed, or only looked at again.",
      resolve: (change) => change.nodes,
    }),
    removed: t.exposeStringList("removed", { description: "Names of those that left hosts.yml." }),
  }),
});

const TasksChange = builder.objectRef<readonly Task[]>("TasksChange").implement({
  description: "Tasks that are new or went on.",
  fields: (t) => ({
    upserted: t.field({ type: [TaskType], description: "The tasks as they are now.", resolve: (tasks) => tasks }),
  }),
});

builder.subscriptionField("vmsChanged", (t) =>
  t.field({
    type: VmsChange,
    description:
      "Changes of VMs. Read a page, subscribe `since` its `revision`, and miss nothing. Without `since` the stream " +
      "starts now and its first message carries only the revision.",
    args: {
      filter: t.arg({ type: VmFilterInput, description: "Of which VMs. Default: all." }),
      since: t.arg.string({ description: "A revision seen earlier; one too old is answered with RESET." }),
    },
    subscribe: (_, args, { inventory }) =>
      live((signal) => inventory.watchVms(vmFilter(args.filter), args.since ?? undefined, signal)),
    resolve: (change) => change,
  }),
);

builder.subscriptionField("nodesChanged", (t) =>
  t.field({
    type: NodesChange,
    description: "Changes of nodes, with their age, load and status after every look at them.",
    subscribe: (_, __, { inventory }) => live((signal) => inventory.watchNodes(signal)),
    resolve: (change) => change,
  }),
);

builder.subscriptionField("tasksChanged", (t) =>
  t.field({
    type: TasksChange,
    description: "Tasks as they are recorded, go on and end.",
    args: { filter: t.arg({ type: TaskFilterInput, description: "Which tasks. Default: all." }) },
    subscribe: (_, args, { inventory }) => {
      const filter = taskFilter(args.filter);
      return live((signal) => inventory.watchTasks((task) => matchesTask(task, filter), signal));
    },
    resolve: (tasks) => tasks,
  }),
);
