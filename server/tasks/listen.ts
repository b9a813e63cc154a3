/** What this server makes of the store's news: tasks to run, tasks to call off, and ends that somebody waits for. */
import type { Clock } from "../clock.ts";
import { isAppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { hasEnded, type Revision, type Task } from "../model.ts";
import { followStore } from "../store/follow.ts";
import type { AuditedDeed, StoreNews } from "../store/store.ts";
import type { Arrivals } from "./arrivals.ts";
import { callOff } from "./call-off.ts";
import type { Dispatch } from "./dispatch.ts";
import { unfinishedTasks } from "./recovery.ts";
import type { Runner } from "./runner.ts";
import type { TaskNews } from "./task-news.ts";
import type { TaskStore } from "./tasks.ts";

export interface Listening {
  /** Resolves when it is known which tasks were on record at start, or when it is closed before. */
  readonly ready: Promise<void>;
  /** Of the newest task that was heard of; undefined: none yet. */
  readonly revision: () => Revision | undefined;
  /** Resolves when the store is no longer read. */
  close(): Promise<void>;
}

export interface ListeningOptions {
  readonly store: Pick<TaskStore, "watch" | "load" | "task" | "tasks">;
  readonly arrivals: Arrivals;
  readonly news: TaskNews;
  readonly runner: Runner;
  readonly dispatch: Dispatch;
  /** ms since whenever, never set back. */
  readonly monotonic: () => number;
  readonly clock: Clock;
  readonly log: Log;
}

const retryMs = 1000;

export function listenToNews(from: Revision, options: ListeningOptions): Listening {
  const { store, arrivals, news, runner, dispatch, monotonic, clock, log } = options;
  const closing = new AbortController();
  const { signal } = closing;
  let heardAt = monotonic();
  let newest: Revision | undefined;

  async function noteUnfinished(since: number): Promise<void> {
    const unfinished = await unfinishedTasks(store);
    arrivals.found(
      unfinished.map(({ id }) => id),
      since,
    );
  }

  async function begin(): Promise<void> {
    while (!signal.aborted) {
      try {
        return await noteUnfinished(Number.NEGATIVE_INFINITY);
      } catch (error) {
        log.warn({ error }, "Which tasks are unfinished could not be read; it is tried again in a second.");
        await clock.sleep(retryMs, signal);
      }
    }
  }

  /** What was in the gap is looked up in the store. */
  async function reload(): Promise<Revision> {
    const { revision } = await store.load();
    await noteUnfinished(heardAt);
    heardAt = monotonic();
    const awaited = await Promise.all(news.awaited().map((id) => store.task(id)));
    for (const task of awaited) if (task !== undefined) news.tell(task);
    dispatch.considerAll().catch((error: unknown) => {
      log.error({ error }, "Unfinished tasks could not be taken up; they are when their nodes are looked after anew.");
    });
    return revision;
  }

  function onNews(item: StoreNews): void {
    heardAt = monotonic();
    if (item.kind === "deed") onDeed(item.deed);
    if (item.kind !== "task") return;
    newest = item.revision;
    onTask(item.task);
  }

  function onTask(task: Task): void {
    if (hasEnded(task)) arrivals.ended(task.id);
    else if (task.state === "QUEUED") {
      arrivals.arrived(task.id);
      dispatch.consider(task);
    }
    news.tell(task);
  }

  function onDeed({ action, actor, taskId, node }: AuditedDeed): void {
    if (action !== "CANCEL_TASK") return;
    // Whoever takes the task up later heeds it too.
    arrivals.calledOff(taskId, actor);
    const job = runner.job(taskId);
    if (job === undefined) return;
    callOff(job, actor).catch((error: unknown) => {
      if (!isAppError(error, "LEASE_LOST")) log.error({ taskId, node, error }, "A task could not be called off.");
    });
  }

  const ready = begin();
  const following = ready.then(() => followStore(from, { store, log, signal, reader: "The tasks", onNews, reload }));
  return {
    ready,
    revision: () => newest,
    async close() {
      closing.abort();
      await following;
    },
  };
}
