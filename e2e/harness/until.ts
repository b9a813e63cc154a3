import { setTimeout as delay } from "node:timers/promises";

export interface Patience {
  /** Default 20,000. */
  readonly withinMs?: number;
  /** What is waited for, in the message of the failure. */
  readonly what?: string;
}

/** Asks again and again until the answer is neither false nor undefined; throws when that takes too long. */
export async function until<T>(
  ask: () => T | Promise<T>,
  { withinMs = 20_000, what }: Patience = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${what ?? ask.toString()}`);
    await delay(25);
  }
}

function isThere<T>(answer: T): answer is Exclude<T, false | null | undefined> {
  return answer !== undefined && answer !== null && answer !== false;
}
