/**
 * The one writer of this server: commits one after the other, each decided by what is known and inserted right behind it,
 * or decided anew when another server was faster.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../log.ts";
import type { Collections } from "./documents.ts";
import { carryOut, hasEffects } from "./effects.ts";
import { isPassing } from "./failure.ts";
import type { Deed, Journal, JournalEntry } from "./journal.ts";
import type { State } from "./state.ts";

export interface Commits {
  /**
   * Commits what `decide` answers of the state as it is then; undefined: nothing is to be written. It may be asked again.
   * @throws what `decide` throws; AppError STORE_UNREACHABLE when the database stays away: the commit may come to light later
   */
  commit(decide: Decide): Promise<JournalEntry | undefined>;
  /** Resolves when the collections show everything that this server knows of. */
  settle(): Promise<void>;
  /** An entry that another server committed, and whose effects it may not have written yet. */
  heardOf(entry: JournalEntry): void;
  /** Resolves when nothing is under way; an unreachable database is no longer waited for. */
  close(): Promise<void>;
}

export type Decide = (state: State) => Deed | undefined | Promise<Deed | undefined>;

export interface CommitsOptions {
  readonly journal: Journal;
  readonly collections: Collections;
  readonly state: () => State;
  /** Takes an entry in and tells of it; the same one twice does nothing. */
  readonly take: (entry: JournalEntry) => void;
  /** Takes in what others committed meanwhile. */
  readonly catchUp: () => Promise<void>;
  readonly log: Log;
  /** How long an unreachable database is waited for, in ms. */
  readonly patienceMs: number;
}

const pauseMs = 250;

export function createCommits(options: CommitsOptions): Commits {
  const { journal, collections, state, take, catchUp, log } = options;
  let last: Promise<unknown> = Promise.resolve();
  /** The one entry whose effects may be missing: nobody commits behind it before they are there. */
  let unsettled: JournalEntry | undefined;
  let isClosing = false;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function settleNow(): Promise<void> {
    const entry = unsettled;
    if (entry === undefined) return;
    await carryOut(entry, collections);
    if (unsettled === entry) unsettled = undefined;
  }

  async function commitNow(decide: Decide): Promise<JournalEntry | undefined> {
    const patience = createPatience(options.patienceMs, () => isClosing);
    for (;;) {
      try {
        await settleNow();
        const { sequence } = state().last;
        const deed = await decide(state());
        if (deed === undefined) return undefined;
        // Decided by what is the past by now.
        if (state().last.sequence !== sequence) continue;
        const entry: JournalEntry = {
          sequence: sequence + 1,
          commit: randomUUID(),
          ...state().headsAfter(deed),
          deed,
        };
        if (await insert(entry, patience)) {
          take(entry);
          await settleOwn(entry);
          return entry;
        }
        await catchUp();
        // Nothing to be read there yet.
        if (state().last.sequence === sequence) await delay(pauseMs / 10);
      } catch (thrown) {
        await patience.orThrow(thrown);
      }
    }
  }

  /** False: the number was taken. A lost acknowledgement is no answer: what stands there is. */
  async function insert(entry: JournalEntry, patience: Patience): Promise<boolean> {
    for (;;) {
      try {
        if (await journal.insert(entry)) return true;
        const there = await journal.at(entry.sequence);
        // Gone, or not acknowledged by enough servers yet to be read: whoever catches up will know.
        return there?.commit === entry.commit;
      } catch (thrown) {
        await patience.orThrow(thrown);
      }
    }
  }

  /** It is committed already: should the database go now, the effects are written before the next commit, by whomever. */
  async function settleOwn(entry: JournalEntry): Promise<void> {
    if (!hasEffects(entry)) return;
    unsettled = entry;
    try {
      await settleNow();
    } catch (error) {
      if (!isPassing(error)) throw error;
      log.debug({ sequence: entry.sequence, error }, "The effects of a commit are written later.");
    }
  }

  return {
    commit: (decide) => inTurn(() => commitNow(decide)),
    settle: () => inTurn(settleNow),
    heardOf(entry) {
      unsettled = hasEffects(entry) ? entry : undefined;
    },
    async close() {
      isClosing = true;
      await last;
    },
  };
}

interface Patience {
  /** Pauses after a passing failure. @throws any other one, and a passing one that lasts */
  orThrow(thrown: unknown): Promise<void>;
}

function createPatience(patienceMs: number, isOver: () => boolean): Patience {
  const until = performance.now() + patienceMs;
  return {
    async orThrow(thrown) {
      if (!isPassing(thrown) || isOver() || performance.now() > until) throw thrown;
      await delay(pauseMs);
    },
  };
}
