/** A revision that a client read at another server may be a moment ahead of what this one has heard of. */
import type { Revision } from "../model.ts";
import { parseRevision } from "../store/store.ts";

/** How long another server's news may take, in ms; they are there within one second. */
const patienceMs = 3000;

export function isAhead(since: Revision | undefined, now: Revision): boolean {
  if (since === undefined) return false;
  const asked = parseRevision(since);
  const current = parseRevision(now);
  return asked !== undefined && asked.epoch === current?.epoch && asked.number > current.number;
}

/** What `open` gives, as soon as `caughtUp` resolves; also when it does not in time, or rejects. */
export async function* onceCaughtUp<T>(caughtUp: Promise<void>, open: () => AsyncIterable<T>): AsyncGenerator<T> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, patienceMs);
  try {
    await Promise.race([caughtUp.catch(() => undefined), late.promise]);
  } finally {
    clearTimeout(timer);
  }
  yield* open();
}
