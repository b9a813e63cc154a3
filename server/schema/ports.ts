/** The ports behind the schema, as far as its files speak of them. */
import type { InventoryStore, TaskFilter, TaskPage } from "../store/store.ts";
import type { TaskAnswer, Tasks } from "../tasks/tasks.ts";

export type { TaskAnswer, TaskFilter, TaskPage, Tasks };

/** Where recorded tasks are read. */
export type TaskLog = Pick<InventoryStore, "task" | "tasks">;
