/**
 * Who may use a channel when. OpenSSH gives ten channels a connection by default, hardened ESXi hosts one (MaxSessions).
 *
 * A user's run goes before waiting scans, and while there is more than one slot, one is kept free of scans.
 */
export interface ChannelQueue {
  /** Resolves when it is this run's turn. Rejects with the signal's reason when that is aborted first. */
  take(priority: Priority, signal: AbortSignal): Promise<Slot>;
  /** From now on one channel at a time. */
  limitToOne(): void;
}

export type Priority = "user" | "scan";

export interface Slot {
  free(): void;
  /** Steps back and takes its old place in the queue again: for a channel that the host refused to open. */
  takeAgain(signal: AbortSignal): Promise<void>;
  /** Does another run hold a slot. */
  hasCompany(): boolean;
}

interface Turn {
  readonly priority: Priority;
  /** The lower, the earlier it came. */
  readonly number: number;
  start(): void;
}

export function createChannelQueue(initialLimit = 4): ChannelQueue {
  let limit = initialLimit;
  let issued = 0;
  let waiting: readonly Turn[] = [];
  const running = { user: 0, scan: 0 };

  return {
    async take(priority, signal) {
      const number = issued++;
      await wait(priority, number, signal);
      return createSlot(priority, number);
    },
    limitToOne() {
      limit = 1;
    },
  };

  function createSlot(priority: Priority, number: number): Slot {
    let held = true;
    const free = (): void => {
      if (!held) return;
      held = false;
      running[priority]--;
      startNext();
    };
    return {
      free,
      async takeAgain(signal) {
        free();
        await wait(priority, number, signal);
        held = true;
      },
      hasCompany: () => running.user + running.scan > (held ? 1 : 0),
    };
  }

  function wait(priority: Priority, number: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting = waiting.filter((other) => other !== turn);
        reject(signal.reason);
      };
      const turn: Turn = {
        priority,
        number,
        start() {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      if (signal.aborted) return leave();
      signal.addEventListener("abort", leave, { once: true });
      waiting = [...waiting, turn].sort(byTurn);
      startNext();
    });
  }

  function startNext(): void {
    const next = waiting.find(({ priority }) => hasRoom(priority));
    if (next === undefined) return;
    waiting = waiting.filter((turn) => turn !== next);
    running[next.priority]++;
    next.start();
    startNext();
  }

  function hasRoom(priority: Priority): boolean {
    if (running.user + running.scan >= limit) return false;
    return priority === "user" || running.scan < Math.max(1, limit - 1);
  }
}

function byTurn(a: Turn, b: Turn): number {
  if (a.priority !== b.priority) return a.priority === "user" ? -1 : 1;
  return a.number - b.number;
}
