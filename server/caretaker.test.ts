import { expect, test } from "vitest";
import { createCaretaker, type NodeCaretaker } from "./caretaker.ts";
import { timestampOf } from "./clock.ts";
import { createManualClock, settled } from "./crawler/testing/manual-clock.ts";
import { AppError } from "./errors.ts";
import { silentLog } from "./log.ts";
import { aNodePulse } from "./store/contract/samples.ts";
import type { Lease } from "./store/leases.ts";

const lease = { node: "esx1", fence: 3 };

/** What is begun and ended, in order; the first answers of the crawler come from the test. */
function caretakerOver(answers: (() => Promise<void>)[], { isShared = true, lastSeenAgoMs = 0 } = {}) {
  const clock = createManualClock();
  const seenAt = (agoMs: number): string => timestampOf(clock.now() - agoMs);
  const deeds: string[] = [];
  const origins: string[] = [];
  const note = (deed: string) => async (about: Lease | string) => {
    const answer = deed === "crawl" ? answers.shift() : undefined;
    await answer?.();
    deeds.push(`${deed} ${typeof about === "string" ? about : about.node}`);
  };
  const state = { isValid: true };
  const caretaker = createCaretaker({
    crawler: {
      hold(about, from) {
        origins.push(from);
        return note("crawl")(about);
      },
      letGo: note("leave"),
      removeOrphan: note("remove"),
    },
    tasks: { hold: note("run"), letGo: note("drop"), removeOrphan: note("end"), isBusy: () => false },
    inventory: { nodes: () => [], pulse: (name) => aNodePulse({ node: name, lastSeenAt: seenAt(lastSeenAgoMs) }) },
    leftovers: [],
    mayBeHandedOver: () => isShared,
    isHeld: () => state.isValid,
    clock,
    log: silentLog,
  });
  return { caretaker, clock, deeds, origins, state };
}

function hold(caretaker: NodeCaretaker): Promise<void> {
  caretaker.onHeld(lease);
  return caretaker.settled();
}

test("a node is crawled before its tasks are run, and both end together", async () => {
  const { caretaker, deeds, state } = caretakerOver([]);
  expect(caretaker.mayTouch("esx1")).toBe(false);
  await hold(caretaker);
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
  const held = hold(caretaker);
  await clock.advance(500);
  expect(deeds).toEqual([]);
  await clock.advance(5000);
  await held;
  expect(deeds).toEqual(["crawl esx1", "run esx1"]);

  const slow = Promise.withResolvers<void>();
  const late = caretakerOver([() => slow.promise]);
  const holding = hold(late.caretaker);
  await late.caretaker.letGo("esx1");
  slow.resolve();
  await holding;
  await settled();
  expect(late.deeds).not.toContain("run esx1");
  expect(late.caretaker.mayTouch("esx1")).toBe(false);
});

test("what else goes wrong is told to whoever asked", async () => {
  const { caretaker, deeds } = caretakerOver([() => Promise.reject(new Error("The disk is full."))]);
  await expect(hold(caretaker)).rejects.toThrow("The disk is full.");
  expect(deeds).toEqual([]);
});

test.each([
  [{ isShared: true, lastSeenAgoMs: 5_000 }, "another server"],
  [{ isShared: true, lastSeenAgoMs: 3_600_000 }, "start"],
  [{ isShared: false, lastSeenAgoMs: 5_000 }, "start"],
])("what is known of a node is as good as somebody saw it lately (%o: %s)", async (how, from) => {
  const { caretaker, origins } = caretakerOver([], how);
  await hold(caretaker);
  expect(origins).toEqual([from]);
});
