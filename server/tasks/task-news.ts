/** Waits for what becomes of single tasks, whichever server runs them. */
import { hasEnded, type Task, type TaskId } from "../model.ts";
import type { Arrivals } from "./arrivals.ts";
import type { TaskStore } from "./tasks.ts";

export interface TaskNews {
  /** To be called with every task that news show. */
  tell(task: Task): void;
  /** Those that somebody waits for. */
  awaited(): readonly TaskId[];
  /** Resolves with the task as soon as it is so, which it may be already; undefined when the signal is aborted before. */
  until(id: TaskId, isSo: (task: Task) => boolean, signal: AbortSignal): Promise<Task | undefined>;
}

export function createTaskNews(store: Pick<TaskStore, "task">, arrivals: Pick<Arrivals, "isKnown">): TaskNews {
  const listeners = new Map<TaskId, Set<(task: Task) => void>>();

  function listen(id: TaskId, listener: (task: Task) => void): () => void {
    const those = listeners.get(id) ?? new Set();
    listeners.set(id, those.add(listener));
    return () => {
      those.delete(listener);
      if (those.size === 0) listeners.delete(id);
    };
  }

  /** An end that is on record, but of which the news is still on its way: what led to it is, too. */
  function isAheadOfNews(task: Task): boolean {
    return hasEnded(task) && arrivals.isKnown(task.id);
  }

  return {
    tell(task) {
      for (const listener of listeners.get(task.id) ?? []) listener(task);
    },
    awaited: () => [...listeners.keys()],
    async until(id, isSo, signal) {
      if (signal.aborted) return undefined;
      const { promise, resolve } = Promise.withResolvers<Task | undefined>();
      const giveUp = (): void => resolve(undefined);
      const leave = listen(id, (task) => {
        if (isSo(task)) resolve(task);
      });
      signal.addEventListener("abort", giveUp, { once: true });
      try {
        const now = await store.task(id);
        return now !== undefined && isSo(now) && !isAheadOfNews(now) ? now : await promise;
      } finally {
        signal.removeEventListener("abort", giveUp);
        leave();
      }
    },
  };
}
