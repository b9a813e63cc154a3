import { expect, test } from "vitest";
import { createManualClock, settled } from "../crawler/testing/manual-clock.ts";
import { createSessions, idleMs } from "./sessions.ts";

const token = { reveal: () => "a-token-of-32-characters-or-more" };

function createWatched() {
  const clock = createManualClock();
  let sleeping = 0;
  const counting = {
    now: () => clock.now(),
    async sleep(ms: number, signal?: AbortSignal) {
      sleeping += 1;
      await clock.sleep(ms, signal);
      sleeping -= 1;
    },
  };
  const sessions = createSessions(token, counting);
  const ended: string[] = [];
  const { session } = sessions.open();
  const watch = (name: string) => sessions.whenOver(session, () => void ended.push(name));
  return { clock, sessions, session, ended, watch, sleeping: () => sleeping };
}

test("who waits for the end of a session hears of it once, whoever stopped waiting never", async () => {
  const { sessions, session, ended, watch, sleeping } = createWatched();
  watch("one");
  const stop = watch("two");
  watch("three");
  stop();
  sessions.close(session);
  sessions.close(session);
  expect(ended).toEqual(["one", "three"]);
  await settled();
  expect(sleeping()).toBe(0);
});

test("nothing is left of a session that nobody waits for", async () => {
  const { watch, ended, clock, sleeping } = createWatched();
  const stops = [watch("one"), watch("two")];
  expect(sleeping()).toBe(1);
  for (const stop of stops) stop();
  await settled();
  expect(sleeping()).toBe(0);
  watch("three");
  for (const stop of stops) stop();
  await clock.advance(idleMs);
  expect(ended).toEqual(["three"]);
});

test("who comes too late hears at once", async () => {
  const closed = createWatched();
  closed.sessions.close(closed.session);
  closed.watch("after the sign-out");
  const expired = createWatched();
  await expired.clock.advance(idleMs);
  expired.watch("after the end");
  await settled();
  expect([...closed.ended, ...expired.ended]).toEqual(["after the sign-out", "after the end"]);
});

test("streams live on when another server has prolonged the session", async () => {
  const { clock, sessions, session, ended, watch } = createWatched();
  watch("one");
  await clock.advance(idleMs - 1);
  const prolonged = sessions.read(createSessions(token, clock).prolong(session)?.text);
  if (prolonged === undefined) throw new Error("not prolonged");
  sessions.whenOver(prolonged, () => void ended.push("two"));
  await clock.advance(idleMs - 1);
  expect(ended).toEqual([]);
  await clock.advance(1);
  expect(ended).toEqual(["one", "two"]);
});

test("a session that was signed out can't be prolonged", async () => {
  const { sessions, session, clock } = createWatched();
  await clock.advance(idleMs / 2);
  expect(sessions.prolong(session)).toBeDefined();
  sessions.close(session);
  expect(sessions.prolong(session)).toBeUndefined();
});
