/** What was left unfinished, by an earlier run of this server or by another one. */
import { hasEnded, type NodeName, type Task } from "../model.ts";
import type { TaskStore } from "./tasks.ts";

const pageSize = 500;

/** Of one node, or of all. */
export async function unfinishedTasks(store: Pick<TaskStore, "tasks">, node?: NodeName): Promise<readonly Task[]> {
  const filter = {
    states: ["QUEUED", "RUNNING", "UNKNOWN"],
    ...(node === undefined ? {} : { nodes: [node] }),
  } as const;
  const found: Task[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await store.tasks({ filter, limit: pageSize, after, runningFirst: true });
    const unfinished = page.tasks.filter((task) => !hasEnded(task));
    found.push(...unfinished);
    after = page.cursors.at(-1);
    if (!page.hasMore || after === undefined || unfinished.length < page.tasks.length) return found;
  }
}
