/** The record of one task under way: changed at once in memory, written to the store in order and seldom. */
import type { Clock } from "../clock.ts";
import { AppError, isAppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Revision, Task } from "../model.ts";
import type { Lease } from "../store/leases.ts";
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
  /** Nothing is written any more. */
  close(): void;
}

export interface TaskRecordOptions {
  readonly store: Pick<TaskStore, "saveTask">;
  /** In whose name it is written. */
  readonly lease: Lease;
  /** The lease turned out to be lost. The record is closed. */
  readonly onLost: (reason: AppError) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const coalesceMs = 250;

export function createTaskRecord(recorded: Task, options: TaskRecordOptions): TaskRecord {
  const { store, lease, onLost, clock, log } = options;
  let task = recorded;
  let unwritten = false;
  let writeIsDue = false;
  let isClosed = false;
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** One write at a time and in order, so that an earlier state never overwrites a later one. */
  function write(): Promise<Revision> {
    const next = lastWrite.then(() => {
      if (isClosed) throw new AppError("LEASE_LOST", `Task ${task.id} is no longer this server's.`);
      unwritten = false;
      return store.saveTask(task, lease);
    });
    lastWrite = next.catch((error: unknown) => {
      unwritten = true;
      if (!isAppError(error, "LEASE_LOST") || isClosed) return;
      isClosed = true;
      onLost(error);
    });
    return next;
  }

  async function flush(): Promise<void> {
    if (!unwritten || isClosed) return;
    await write().catch((error: unknown) => {
      if (isClosed) return;
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
    close() {
      isClosed = true;
    },
  };
}
