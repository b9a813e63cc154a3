/** When the truth can't be seen, or a step hangs: the task says so after a while, and it is tried again. */
import { unpunctuated } from "../judge.ts";
import { subject, whatToLookFor } from "./words.ts";
import type { Work } from "./work.ts";

const shortestPauseMs = 1000;
const longestPauseMs = 30_000;
/** A disk of terabytes on a slow datastore still tells another percent now and then. */
const stalledMs = 10 * 60_000;

/** @throws the signal's reason */
export async function waitBecause(why: string, work: Work): Promise<void> {
  const { doubts, room, deadlines, handle, creation } = work;
  const nowMs = room.clock.now();
  doubts.waitingSinceMs ??= nowMs;
  const waitedMs = nowMs - doubts.waitingSinceMs;
  if (waitedMs >= deadlines.creationDoubt) {
    handle.doubt(`What became of ${subject(creation)} can't be seen: ${unpunctuated(why)}. ${whatToLookFor(creation)}`);
  }
  await work.pause(Math.min(longestPauseMs, Math.max(shortestPauseMs, waitedMs / 4)));
}

/** The truth can be seen again. */
export function noDoubt({ doubts, handle }: Work): void {
  doubts.waitingSinceMs = null;
  if (handle.task.state === "UNKNOWN") handle.doubt(null);
}

export function isStalled(output: string, { doubts, room }: Work): boolean {
  const nowMs = room.clock.now();
  if (doubts.output?.text !== output) doubts.output = { text: output, sinceMs: nowMs };
  return nowMs - doubts.output.sinceMs >= stalledMs;
}
