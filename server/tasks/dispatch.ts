/**
 * Which tasks run on this server: those of the nodes that it holds, wherever they were asked for. What another server left
 * is taken up: observed where its command was sent, run where it arrived just now, else ended with nothing done.
 */
import { type Clock, timestampOf } from "../clock.ts";
import { isAppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { hasEnded, type NodeName, type Task, type TaskId, type TaskKind } from "../model.ts";
import type { Lease } from "../store/leases.ts";
import type { TaskRecorded } from "../store/store.ts";
import type { Arrivals } from "./arrivals.ts";
import { callOff } from "./call-off.ts";
import type { Job } from "./job.ts";
import { unfinishedTasks } from "./recovery.ts";
import type { Runner } from "./runner.ts";
import { cancelled, failed, settled, unknown } from "./settlement.ts";
import type { TaskStore } from "./tasks.ts";
import type { Settlement, UseCase } from "./use-case.ts";

export interface Dispatch {
  /** Has a task recorded, and runs it at once where its node is held. @throws what `record` throws */
  admit(task: Task, record: () => Promise<TaskRecorded>): Promise<TaskRecorded>;
  /** Runs the node's tasks from now on. Resolves when those that were left unfinished are taken up. @throws what the store throws */
  hold(lease: Lease): Promise<void>;
  /** Resolves when nothing of the node's tasks is under way here. */
  letGo(node: NodeName): Promise<void>;
  /** Ends the tasks of a node that is held and will not be back. @throws what the store throws */
  removeOrphan(node: NodeName): Promise<void>;
  /** The store said that another server has the node: nothing is begun here any more. */
  lost(lease: Lease): void;
  holds(node: NodeName): boolean;
  /** Resolves when it is known what was left of the node's tasks; at once where it is not held. Never rejects. */
  settled(node: NodeName): Promise<void>;
  /** A task is recorded that may have to run here. */
  consider(task: Pick<Task, "id" | "node">): void;
  /** Looks again through what is unfinished, of all nodes that are held. */
  considerAll(): Promise<void>;
  /** Starts no more. */
  close(): void;
}

export interface DispatchOptions {
  readonly store: TaskStore;
  readonly runner: Runner;
  readonly useCases: Readonly<Record<TaskKind, UseCase>>;
  readonly arrivals: Arrivals;
  /** Resolves when it is known which tasks were on record at start. */
  readonly ready: Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Holding {
  readonly lease: Lease;
  /** Aborted when the node is let go of, or turns out to be another server's. */
  readonly left: AbortController;
  /** The same, or the server stops. */
  readonly over: AbortSignal;
  /** Resolves when all that was left of the node's tasks is taken up. */
  takenUp: Promise<void>;
}

/** Before a task that was let go of is taken up again, while its node is still held; in ms. */
const againMs = 5000;
const unreachableMs = 2000;

export function createDispatch(options: DispatchOptions): Dispatch {
  const { store, runner, useCases, arrivals, ready, clock, log } = options;
  const held = new Map<NodeName, Holding>();
  /** Being recorded at this moment, and then started by who records them. */
  const recording = new Set<TaskId>();
  const closing = new AbortController();

  function start(task: Task, holding: Holding): void {
    const job = runner.start(task, useCases[task.kind], holding.lease);
    const actor = arrivals.calledOffBy(task.id);
    if (actor !== undefined) void callOff(job, actor).catch((error: unknown) => tellOf(task, error));
    void goOnWith(task, job, holding);
  }

  /** What was let go of although the node was not: its lease was in doubt for a moment. */
  async function goOnWith(task: Task, job: Job, { over }: Holding): Promise<void> {
    if (await job.ended) return;
    await clock.sleep(againMs, over);
    if (!over.aborted) await consider(task);
  }

  async function takeUp({ id, node }: Pick<Task, "id" | "node">): Promise<void> {
    const holding = held.get(node);
    if (holding === undefined) return;
    const task = await store.task(id);
    // Whatever came in between has started it, or will.
    if (task === undefined || hasEnded(task) || runner.job(id) !== undefined || recording.has(id)) return;
    // What was not heard of yet comes with the news.
    if (holding.over.aborted || held.get(node) !== holding || !arrivals.isKnown(id)) return;
    if (task.sentAt !== null || arrivals.isFresh(id)) return start(task, holding);
    const end = cancelled("The server stopped before anything was sent; nothing was done.");
    await store.saveTask(settled(task, end, timestampOf(clock.now())), holding.lease);
  }

  async function consider(task: Pick<Task, "id" | "node">): Promise<void> {
    if (closing.signal.aborted || runner.job(task.id) !== undefined || recording.has(task.id)) return;
    await takeUp(task).catch((error: unknown) => tellOf(task, error));
  }

  async function takeUpAll(holding: Holding): Promise<void> {
    await ready;
    const { node } = holding.lease;
    const unfinished = await unfinishedTasks(store, node);
    for (const task of unfinished.toReversed()) {
      if (holding.over.aborted) return;
      if (runner.job(task.id) !== undefined) continue;
      await takeUp(task);
      log.info(
        { taskId: task.id, kind: task.kind, node, wasSent: task.sentAt !== null },
        "A task that was left unfinished was taken up.",
      );
    }
  }

  /** The database may be away for a while. */
  async function takeUpAllPersistently(holding: Holding): Promise<void> {
    while (!holding.over.aborted) {
      try {
        return await takeUpAll(holding);
      } catch (error) {
        if (isAppError(error, "LEASE_LOST")) return;
        if (!isAppError(error, "STORE_UNREACHABLE")) throw error;
        await clock.sleep(unreachableMs, holding.over);
      }
    }
  }

  function tellOf({ id, node }: Pick<Task, "id" | "node">, error: unknown): void {
    if (isAppError(error, "LEASE_LOST")) return;
    const level = isAppError(error, "STORE_UNREACHABLE") ? "warn" : "error";
    log[level]({ taskId: id, node, error }, "A task could not be taken up; it is when its node is looked after anew.");
  }

  async function letGo(node: NodeName): Promise<void> {
    held.get(node)?.left.abort();
    held.delete(node);
    await runner.letGo(node);
  }

  return {
    async admit(task, record) {
      recording.add(task.id);
      let mayBeRecorded = true;
      try {
        const recorded = await record();
        mayBeRecorded = recorded.task.id === task.id;
        const holding = held.get(task.node);
        if (recorded.isNew && holding?.left.signal.aborted === false) start(task, holding);
        return recorded;
      } finally {
        recording.delete(task.id);
        // Held since, repeated, or recorded although that was not confirmed: its news may have passed already.
        if (mayBeRecorded) void consider(task);
      }
    },
    async hold(lease) {
      const known = held.get(lease.node);
      if (known?.lease.fence === lease.fence) return known.takenUp;
      if (known !== undefined) await letGo(lease.node);
      const left = new AbortController();
      const over = AbortSignal.any([left.signal, closing.signal]);
      const holding: Holding = { lease, left, over, takenUp: Promise.resolve() };
      held.set(lease.node, holding);
      holding.takenUp = takeUpAllPersistently(holding);
      await holding.takenUp;
    },
    letGo,
    async removeOrphan(node) {
      const holding = held.get(node);
      if (holding === undefined) return;
      await runner.letGo(node);
      for (const task of await unfinishedTasks(store, node))
        await store.saveTask(settled(task, endOfOrphan(task), timestampOf(clock.now())), holding.lease);
    },
    lost({ node, fence }) {
      const holding = held.get(node);
      if (holding?.lease.fence !== fence) return;
      holding.left.abort();
      void runner.letGo(node);
    },
    holds: (node) => held.get(node)?.left.signal.aborted === false,
    settled: (node) => held.get(node)?.takenUp.catch(() => undefined) ?? Promise.resolve(),
    consider: (task) => void consider(task),
    async considerAll() {
      await Promise.all([...held.values()].map(takeUpAllPersistently));
    },
    close: () => closing.abort(),
  };
}

function endOfOrphan({ node, sentAt }: Task): Settlement {
  if (sentAt === null) return failed("NOT_FOUND", `Node ${node} left hosts.yml. Nothing was sent.`);
  return unknown(
    `The command was sent, but node ${node} left hosts.yml before it was seen what became of it. Look at it on the host.`,
  );
}
