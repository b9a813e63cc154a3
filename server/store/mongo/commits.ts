/**
 * The one writer of this server: commits one after the other, each decided by what is known and inserted right behind it,
 * or decided anew when another server was faster.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { ServerId } from "../leases.ts";
import type { Collections } from "./documents.ts";
import { isPassing } from "./failure.ts";
import type { Deed, Journal, JournalEntry } from "./journal.ts";
import { createQueue } from "./queue.ts";
import type { State } from "./state.ts";
import type { Tail } from "./tail.ts";
import { createUnsettled } from "./unsettled.ts";

export interface Commits {
  /**
   * Commits what `decide` answers of the state as it is then; undefined: nothing is to be written. It may be asked again.
   * @throws what `decide` throws; AppError STORE_UNREACHABLE when the database stays away: the commit may come to light later
   */
  commit(decide: Decide, how?: CommitHow): Promise<JournalEntry | undefined>;
  /** Resolves when the collections show everything that this server knows of. */
  settle(): Promise<void>;
  /** Of an entry that was taken in, whose ever it is: its effects may not be written yet. */
  readonly heardOf: (entry: JournalEntry) => void;
  /** The state was read anew; `isOther`: from a database that is another one than before, so that nothing is owed to it. */
  startAnew(isOther: boolean): void;
  /** Resolves when nothing is under way; an unreachable database is no longer waited for. */
  close(): Promise<void>;
}

export interface CommitHow {
  /** Before all that waits. Default false. */
  readonly isUrgent?: boolean;
  /** `decide` reads collections: they must show all that the state knows. Default false. */
  readonly readsCollections?: boolean;
}

export type Decide = (state: State) => Deed | undefined | Promise<Deed | undefined>;

export interface CommitsOptions {
  readonly self: ServerId;
  readonly journal: Journal;
  readonly collections: Collections;
  readonly state: () => State;
  /** Takes an entry in and tells of it; the same one twice does nothing. */
  readonly take: (entry: JournalEntry) => void;
  readonly tail: Pick<Tail, "catchUp" | "isFresh" | "gaps">;
  readonly log: Log;
  /** How long an unreachable database is waited for, in ms. */
  readonly patienceMs: number;
}

const pauseMs = 250;
/** A foreign entry whose server commits nothing more may have no effects yet; after so many others they are written here. */
const settleAfter = 16;
/** Of how many of the last entries the effects may be missing, with any number of servers that were slower than that. */
export const unsettledAtMost = 100;

export function createCommits(options: CommitsOptions): Commits {
  const { self, journal, collections, state, take, tail, log } = options;
  const queue = createQueue();
  const unsettled = createUnsettled(collections);
  let isClosing = false;

  async function commitNow(decide: Decide, how: CommitHow, patience: Patience): Promise<JournalEntry | undefined> {
    const { readsCollections = false } = how;
    for (;;) {
      try {
        patience.check();
        await unsettled.settle((entry) => readsCollections || isDue(entry));
        const { sequence } = state().last;
        const deed = await decide(state());
        if (deed === undefined) return undefined;
        // Decided by what is the past by now.
        if (state().last.sequence !== sequence) continue;
        const entry: JournalEntry = {
          sequence: sequence + 1,
          by: self,
          commit: randomUUID(),
          ...state().headsAfter(deed),
          deed,
        };
        if (await insert(entry, patience)) {
          take(entry);
          await settleOwn(entry);
          return entry;
        }
        await tail.catchUp();
        // Nothing to be read there yet.
        if (state().last.sequence === sequence) await delay(pauseMs / 10);
      } catch (thrown) {
        await patience.orThrow(thrown);
      }
    }
  }

  /** A task is written before anybody writes what became of it. */
  function isDue({ by, sequence, deed }: JournalEntry): boolean {
    return by === self || deed.kind === "recorded" || sequence <= state().last.sequence - settleAfter;
  }

  /** False: the number was taken. A lost acknowledgement is no answer: what stands there is. */
  async function insert(entry: JournalEntry, patience: Patience): Promise<boolean> {
    const gaps = tail.gaps;
    for (;;) {
      try {
        const isOurs = (await journal.insert(entry)) || (await journal.holds(entry));
        if (!isOurs) return false;
        return (tail.isFresh() && tail.gaps === gaps) || (await journal.isBehindAnother(entry));
      } catch (thrown) {
        await patience.orThrow(thrown);
      }
    }
  }

  /** It is committed already: should the database go now, the effects are written before this server's next commit. */
  async function settleOwn(entry: JournalEntry): Promise<void> {
    unsettled.note(entry);
    try {
      await unsettled.settle(({ by }) => by === self);
    } catch (error) {
      if (!isPassing(error)) throw error;
      log.debug({ sequence: entry.sequence, error }, "The effects of a commit are written later.");
    }
  }

  /** Begins when the work is asked for, not in its turn: what nobody waits for any more must not be done when the database comes back. */
  const beginPatience = (): Patience => createPatience(options.patienceMs, () => isClosing);

  return {
    commit(decide, how = {}) {
      const patience = beginPatience();
      return queue.add(() => commitNow(decide, how, patience), how.isUrgent === true);
    },
    settle() {
      const patience = beginPatience();
      return queue.add(() => {
        patience.check();
        return unsettled.settle(() => true);
      });
    },
    heardOf: unsettled.note,
    startAnew(isOther) {
      unsettled.keep(({ by }) => by === self && !isOther);
    },
    async close() {
      isClosing = true;
      await queue.end();
    },
  };
}

interface Patience {
  /** @throws AppError STORE_UNREACHABLE when it is over */
  check(): void;
  /** Pauses after a passing failure. @throws any other one, and a passing one that lasts */
  orThrow(thrown: unknown): Promise<void>;
}

function createPatience(patienceMs: number, isOver: () => boolean): Patience {
  const until = performance.now() + patienceMs;
  return {
    check() {
      if (performance.now() > until) throw tooLong(patienceMs);
    },
    async orThrow(thrown) {
      if (!isPassing(thrown) || isOver() || performance.now() > until) throw thrown;
      await delay(pauseMs);
    },
  };
}

function tooLong(ms: number): AppError {
  return new AppError("STORE_UNREACHABLE", `The database did not answer for ${ms / 1000} s; nothing was written.`);
}
