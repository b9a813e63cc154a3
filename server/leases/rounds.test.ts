import { expect, it } from "vitest";
import { createRounds } from "./rounds.ts";
import { seededRandom } from "./testing/cluster.ts";
import { createMachine, createVirtualTime } from "./testing/virtual-time.ts";

function open(pauseMs: number, runMs = 0) {
  const time = createVirtualTime();
  const { clock } = createMachine({ time, rate: 1, random: seededRandom(1) });
  let runs = 0;
  let under = 0;
  let most = 0;
  const rounds = createRounds({
    minGapMs: 100,
    clock,
    run: async () => {
      runs += 1;
      under += 1;
      most = Math.max(most, under);
      await clock.sleep(runMs);
      under -= 1;
      return pauseMs;
    },
  });
  return { time, rounds, runs: () => runs, most: () => most };
}

it("begins at once, and again after each pause", async () => {
  const { time, runs } = open(2500);
  await time.pass(0);
  expect(runs()).toBe(1);
  await time.pass(2450);
  expect(runs()).toBe(1);
  await time.pass(100);
  expect(runs()).toBe(2);
});

it("can be woken, but keeps the minimum gap, however often", async () => {
  const { time, rounds, runs } = open(2500);
  await time.pass(1000);
  rounds.wake();
  await time.pass(0);
  expect(runs()).toBe(2);
  for (let count = 0; count < 100; count += 1) {
    rounds.wake();
    await time.pass(10);
  }
  expect(runs()).toBeGreaterThanOrEqual(10);
  expect(runs()).toBeLessThanOrEqual(13);
});

it("keeps a wake that comes while it runs for the next run, and never overlaps", async () => {
  const { time, rounds, runs, most } = open(2500, 300);
  await time.pass(100);
  rounds.wake();
  await time.pass(500);
  expect([runs(), most()]).toEqual([2, 1]);
});

it("ends when closed, after the run under way", async () => {
  const { time, rounds, runs } = open(0, 300);
  await time.pass(100);
  let isClosed = false;
  void rounds.close().then(() => (isClosed = true));
  await time.pass(100);
  expect(isClosed).toBe(false);
  await time.pass(200);
  expect(isClosed).toBe(true);
  await time.pass(5000);
  expect(runs()).toBe(1);
});
