/** The ports behind the schema, as far as its files speak of them. */
import type { InventoryStore, TaskFilter, TaskPage } from "../store/store.ts";
import type { TaskAnswer, TaskRequests } from "../tasks/tasks.ts";

export type { TaskAnswer, TaskFilter, TaskPage, TaskRequests };

/** Where recorded tasks are read. */
export type TaskLog = Pick<InventoryStore, "task" | "tasks">;
