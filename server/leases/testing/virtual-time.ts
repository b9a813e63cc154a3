/** Time that passes only when a test says so, event by event; and machines in it, each with a clock of its own. */
import type { MonotonicClock } from "../../clock.ts";

export interface VirtualTime {
  /** ms by no machine's clock. */
  now(): number;
  after(ms: number, act: () => void): void;
  /** `afterEach` is called after every event, when everything that it set off has run. */
  pass(ms: number, afterEach?: () => void): Promise<void>;
}

export function createVirtualTime(): VirtualTime {
  let now = 0;
  let order = 0;
  const events: { readonly at: number; readonly order: number; readonly act: () => void }[] = [];

  return {
    now: () => now,
    after(ms, act) {
      order += 1;
      const event = { at: now + Math.max(0, ms), order, act };
      const index = events.findLastIndex(({ at }) => at <= event.at);
      events.splice(index + 1, 0, event);
    },
    async pass(ms, afterEach) {
      const until = now + ms;
      await settled();
      for (let [next] = events; next !== undefined && next.at <= until; [next] = events) {
        events.shift();
        now = next.at;
        next.act();
        await settled();
        afterEach?.();
      }
      now = until;
    },
  };
}

/** Promises run out before it resolves. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface Machine {
  readonly clock: MonotonicClock;
  /** Runs it when the machine can: at once, when it goes on, or never. */
  deliver(act: () => void): void;
  /** SIGSTOP: its clock runs on, nothing else does. */
  stop(): void;
  resume(): void;
  /** kill -9. */
  kill(): void;
  readonly state: "running" | "stopped" | "dead";
}

export interface MachineOptions {
  readonly time: VirtualTime;
  /** How fast its clock goes: 1.02 is two percent too fast. */
  readonly rate: number;
  readonly random: () => number;
}

export function createMachine({ time, rate, random }: MachineOptions): Machine {
  const offset = random() * 1e9;
  let state: Machine["state"] = "running";
  let waiting: (() => void)[] = [];

  function deliver(act: () => void): void {
    if (state === "running") act();
    else if (state === "stopped") waiting.push(act);
  }

  return {
    clock: {
      monotonic: () => offset + time.now() * rate,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          signal?.addEventListener("abort", () => resolve(), { once: true });
          // Timers fire up to a millisecond early, or late.
          time.after(ms / rate + random() * 3 - 1, () => deliver(resolve));
        }),
    },
    deliver,
    stop() {
      if (state === "running") state = "stopped";
    },
    resume() {
      if (state !== "stopped") return;
      state = "running";
      const due = waiting.sort(() => random() - 0.5);
      waiting = [];
      for (const act of due) act();
    },
    kill() {
      state = "dead";
      waiting = [];
    },
    get state() {
      return state;
    },
  };
}
