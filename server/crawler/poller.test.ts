import { describe, expect, it } from "vitest";
import { createPoller } from "./poller.ts";
import { createManualClock } from "./testing/manual-clock.ts";

/** A poller whose runs take `tookMs` and are due every 60 s. */
function polled(tookMs: number, firstDelayMs = 0) {
  const clock = createManualClock(0);
  const starts: number[] = [];
  let underWay = 0;
  const state = { starts, clock, most: 0, aborted: false };
  const poller = createPoller<number>({
    clock,
    firstDelayMs,
    async run(signal) {
      starts.push(clock.now());
      state.most = Math.max(state.most, (underWay += 1));
      await clock.sleep(tookMs, signal);
      state.aborted = signal.aborted;
      underWay -= 1;
      return { outcome: starts.length, periodMs: 60_000 };
    },
  });
  return { ...state, state, poller };
}

describe("poller", () => {
  it("counts its period from start to start", async () => {
    const { starts, clock, poller } = polled(10_000, 500);
    await clock.advance(130_000);
    expect(starts).toEqual([500, 60_500, 120_500]);
    await poller.close();
  });

  it("never overlaps itself, and leaves a gap after a run that took longer than the period", async () => {
    const { starts, state, clock, poller } = polled(90_000);
    await clock.advance(190_000);
    expect(starts).toEqual([0, 91_000, 182_000]);
    expect(state.most).toBe(1);
    await poller.close();
  });

  it("can be woken, but not hurried past the minimum gap", async () => {
    const { starts, clock, poller } = polled(0);
    await clock.advance(30_000);
    poller.wake();
    await clock.advance(100);
    for (let time = 0; time < 10; time += 1) poller.wake();
    await clock.advance(1_000);
    expect(starts).toEqual([0, 30_000, 31_000]);
    await poller.close();
  });

  it("answers with a run that began after the question, not with the one under way", async () => {
    const { clock, poller } = polled(5_000);
    await clock.advance(2_000);
    const answers: unknown[] = [];
    for (let asker = 0; asker < 3; asker += 1) void poller.next().then((outcome) => answers.push(outcome));
    await clock.advance(8_000);
    expect(answers).toEqual([]);
    await clock.advance(1_000);
    expect(answers).toEqual([2, 2, 2]);
    await poller.close();
  });

  it("aborts its run when it is closed, and leaves nobody waiting", async () => {
    const { state, starts, clock, poller } = polled(5_000);
    await clock.advance(1_000);
    const next = poller.next();
    await poller.close();
    expect(await next).toBeUndefined();
    expect(state.aborted).toBe(true);
    await clock.advance(200_000);
    expect(starts).toHaveLength(1);
    expect(await poller.next()).toBeUndefined();
  });

  it("does not sleep through a clock that was set back", async () => {
    const clock = createManualClock(0);
    const starts: number[] = [];
    let offset = 0;
    const poller = createPoller<undefined>({
      clock: { now: () => clock.now() + offset, sleep: (ms, signal) => clock.sleep(ms, signal) },
      run() {
        starts.push(clock.now());
        offset -= 3_600_000;
        return Promise.resolve({ outcome: undefined, periodMs: 60_000 });
      },
    });
    await clock.advance(180_000);
    expect(starts).toEqual([0, 60_000, 120_000, 180_000]);
    await poller.close();
  });
});
