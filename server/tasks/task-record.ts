/** The record of one task under way: changed at once in memory, written to the store in order and seldom. */
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Revision, Task } from "../model.ts";
import type { TaskStore } from "./tasks.ts";

export interface TaskRecord {
  /** As of now. */
  readonly task: Task;
  /** Reaches the store within a quarter of a second, together with the other updates of that time. */
  update(change: Partial<Task>): void;
  /** Resolves when the task, with this change, is durable. @throws what the store throws */
  commit(change: Partial<Task>): Promise<Revision>;
  /** Resolves when no update waits to be written any more. */
  flush(): Promise<void>;
}

export interface TaskRecordOptions {
  readonly store: Pick<TaskStore, "saveTask">;
  readonly clock: Clock;
  readonly log: Log;
}

const coalesceMs = 250;

export function createTaskRecord(recorded: Task, { store, clock, log }: TaskRecordOptions): TaskRecord {
  let task = recorded;
  let unwritten = false;
  let writeIsDue = false;
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** One write at a time and in order, so that an earlier state never overwrites a later one. */
  function write(): Promise<Revision> {
    const next = lastWrite.then(() => {
      unwritten = false;
      return store.saveTask(task);
    });
    lastWrite = next.catch(() => {
      unwritten = true;
    });
    return next;
  }

  async function flush(): Promise<void> {
    if (!unwritten) return;
    await write().catch((error: unknown) => {
      log.warn(
        { taskId: task.id, error },
        "The progress of a task could not be written; its next write brings it along.",
      );
    });
  }

  return {
    get task() {
      return task;
    },
    update(change) {
      task = { ...task, ...change };
      unwritten = true;
      if (writeIsDue) return;
      writeIsDue = true;
      void clock.sleep(coalesceMs).then(() => {
        writeIsDue = false;
        return flush();
      });
    },
    commit(change) {
      task = { ...task, ...change };
      return write();
    },
    flush,
  };
}
