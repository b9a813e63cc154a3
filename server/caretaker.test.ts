import { expect, test } from "vitest";
import { createCaretaker } from "./caretaker.ts";
import { createManualClock, settled } from "./crawler/testing/manual-clock.ts";
import { AppError } from "./errors.ts";
import { silentLog } from "./log.ts";
import type { Lease } from "./store/leases.ts";

const lease = { node: "esx1", fence: 3 };

/** What is begun and ended, in order; the first answers of the crawler come from the test. */
function caretakerOver(answers: (() => Promise<void>)[]) {
  const clock = createManualClock();
  const deeds: string[] = [];
  const note = (deed: string) => async (about: Lease | string) => {
    const answer = deed === "crawl" ? answers.shift() : undefined;
    await answer?.();
    deeds.push(`${deed} ${typeof about === "string" ? about : about.node}`);
  };
  const state = { isValid: true };
  const caretaker = createCaretaker({
    crawler: { hold: note("crawl"), letGo: note("leave"), removeOrphan: note("remove") },
    tasks: { hold: note("run"), letGo: note("drop"), removeOrphan: note("end"), isBusy: () => false },
    inventory: { nodes: () => [] },
    isHeld: () => state.isValid,
    clock,
    log: silentLog,
  });
  return { caretaker, clock, deeds, state };
}

test("a node is crawled before its tasks are run, and both end together", async () => {
  const { caretaker, deeds, state } = caretakerOver([]);
  expect(caretaker.mayTouch("esx1")).toBe(false);
  await caretaker.hold(lease, "start");
  expect(caretaker.mayTouch("esx1")).toBe(true);
  state.isValid = false;
  expect(caretaker.mayTouch("esx1")).toBe(false);
  await caretaker.letGo("esx1");
  expect(deeds.slice(0, 2)).toEqual(["crawl esx1", "run esx1"]);
  expect(deeds.slice(2).sort()).toEqual(["drop esx1", "leave esx1"]);
});

test("as long as the database is away it is tried on, and what is let go meanwhile is not begun", async () => {
  const away = () => Promise.reject(new AppError("STORE_UNREACHABLE", "The database does not answer."));
  const { caretaker, clock, deeds } = caretakerOver([away, away]);
  const held = caretaker.hold(lease, "start");
  await clock.advance(500);
  expect(deeds).toEqual([]);
  await clock.advance(5000);
  await held;
  expect(deeds).toEqual(["crawl esx1", "run esx1"]);

  const slow = Promise.withResolvers<void>();
  const late = caretakerOver([() => slow.promise]);
  const holding = late.caretaker.hold(lease, "start");
  await late.caretaker.letGo("esx1");
  slow.resolve();
  await holding;
  await settled();
  expect(late.deeds).not.toContain("run esx1");
  expect(late.caretaker.mayTouch("esx1")).toBe(false);
});

test("what else goes wrong is told to whoever asked", async () => {
  const { caretaker, deeds } = caretakerOver([() => Promise.reject(new Error("The disk is full."))]);
  await expect(caretaker.hold(lease, "start")).rejects.toThrow("The disk is full.");
  expect(deeds).toEqual([]);
});
