/** Those who wait until the view holds what they wrote. */
import { AppError } from "../errors.ts";
import type { Revision } from "../model.ts";
import { parseRevision } from "../store/store.ts";

export interface RevisionWaiters {
  /** Resolves when `advanced` has been called with `wanted` or a later one. @throws AppError INVALID_INPUT, SHUTTING_DOWN */
  wait(wanted: Revision, now: Revision): Promise<void>;
  advanced(now: Revision): void;
  close(): void;
}

interface Waiter {
  readonly wanted: Revision;
  resolve(): void;
  reject(reason: AppError): void;
}

export function createRevisionWaiters(): RevisionWaiters {
  let waiters: Waiter[] = [];
  let isClosed = false;

  function settle(waiter: Waiter, now: Revision): boolean {
    const distance = isClosed ? undefined : distanceTo(waiter.wanted, now);
    if (isClosed) waiter.reject(new AppError("SHUTTING_DOWN", "The server is shutting down."));
    else if (distance === undefined) waiter.reject(new AppError("INVALID_INPUT", "This revision is of another store."));
    else if (distance <= 0) waiter.resolve();
    else return false;
    return true;
  }

  return {
    wait: (wanted, now) =>
      new Promise((resolve, reject) => {
        const waiter = { wanted, resolve, reject };
        if (!settle(waiter, now)) waiters.push(waiter);
      }),
    advanced(now) {
      if (waiters.length > 0) waiters = waiters.filter((waiter) => !settle(waiter, now));
    },
    close() {
      isClosed = true;
      for (const waiter of waiters.splice(0)) settle(waiter, waiter.wanted);
    },
  };
}

/** How many commits `wanted` is ahead; undefined when they are of different stores. */
function distanceTo(wanted: Revision, now: Revision): number | undefined {
  const target = parseRevision(wanted);
  const current = parseRevision(now);
  if (target === undefined || target.epoch !== current?.epoch) return undefined;
  return target.number - current.number;
}
