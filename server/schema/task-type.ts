import type { Task } from "../model.ts";
import { builder } from "./builder.ts";

/** Its fields stand in task.ts: VMs, nodes and tasks refer to each other. */
export const TaskType = builder.objectRef<Task>("Task").implement({
  description: "Long work on a host, recorded before it acts: what was asked, what was run, and how it ended.",
});
