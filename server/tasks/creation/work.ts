/** One creation under way: its order, its journal, and what is remembered of it in between. */
import type { Crawler } from "../../crawler/crawler.ts";
import { AppError } from "../../errors.ts";
import type { CreationOrder } from "../../esxi/creation.ts";
import type { NodeDriver } from "../../esxi/driver.ts";
import { type ActRoom, driverOf, isDriver } from "../act.ts";
import type { Deadlines } from "../deadlines.ts";
import type { TaskHandle } from "../use-case.ts";
import { freshJournal, inputOf, type Journal, orderOf } from "./journal.ts";
import type { CreationCase } from "./words.ts";

export interface CreationRoom extends ActRoom {
  readonly crawler: ActRoom["crawler"] & Pick<Crawler, "observeNewVm">;
}

export interface Work {
  readonly handle: TaskHandle;
  readonly room: CreationRoom;
  readonly deadlines: Deadlines;
  readonly order: CreationOrder;
  readonly creation: CreationCase;
  readonly journal: Journal;
  /** Nothing was sent to the host yet. */
  readonly isUnsent: boolean;
  /** Who cancelled it; undefined: nobody. */
  readonly cancelledBy: string | undefined;
  /** Aborted when the server stops; as long as nothing was sent, also by a cancellation. */
  readonly signal: AbortSignal;
  /** Writes the change down, durably, however long that takes. @throws the signal's reason, or why the first entry failed */
  note(change: Partial<Journal>): Promise<void>;
  /** Keeps the change in mind; the next note brings it along. */
  recall(change: Partial<Journal>): void;
  /** @throws AppError NOT_FOUND, NODE_DISABLED */
  driver(): NodeDriver;
  /** The steps that are known to have been begun on the host. */
  readonly begun: Set<string>;
  readonly doubts: Doubts;
  /** @throws the signal's reason */
  pause(ms: number): Promise<void>;
}

/** Since when the truth can't be seen, or a step says nothing new, in ms since 1970. */
export interface Doubts {
  waitingSinceMs: number | null;
  output: { readonly text: string; readonly sinceMs: number } | null;
}

export function beginWork(handle: TaskHandle, room: CreationRoom, deadlines: Deadlines): Work {
  const { task } = handle;
  const input = inputOf(task);
  const order = orderOf(task);
  let journal = input.journal ?? freshJournal;

  async function note(change: Partial<Journal>): Promise<void> {
    journal = { ...journal, ...change };
    if (work.isUnsent) return handle.markSent({ journal });
    for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, 30_000)) {
      try {
        return await handle.remember({ journal });
      } catch (error) {
        handle.stopping.throwIfAborted();
        room.log.error(
          { taskId: task.id, error },
          "A creation could not be written down; it waits until that is possible.",
        );
        await work.pause(pauseMs);
      }
    }
  }

  const work: Work = {
    handle,
    room,
    deadlines,
    order,
    creation: { node: task.node, order, datastore: input.datastore },
    get journal() {
      return journal;
    },
    get isUnsent() {
      return handle.task.sentAt === null;
    },
    get cancelledBy() {
      return inputOf(handle.task).cancelledBy;
    },
    get signal() {
      return work.isUnsent ? handle.signal : handle.stopping;
    },
    note,
    recall(change) {
      journal = { ...journal, ...change };
    },
    driver() {
      const driver = driverOf(task.node, room);
      if (isDriver(driver)) return driver;
      throw new AppError(driver.code, driver.message);
    },
    begun: new Set(),
    doubts: { waitingSinceMs: null, output: null },
    async pause(ms) {
      // A cancellation is noticed at once.
      const { cancelledBy } = work;
      await room.clock.sleep(ms, cancelledBy === undefined ? handle.signal : handle.stopping);
      work.signal.throwIfAborted();
    },
  };
  return work;
}
