import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createRandom } from "../random.ts";
import { createWorld } from "./create-world.ts";
import { fillWithFleet } from "./fleet.ts";
import { startLife } from "./life.ts";
import type { World } from "./world.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Lab {
  readonly worlds: readonly World[];
  /** Whether the last host was reachable after each minute. */
  readonly reachable: readonly boolean[];
}

async function fiveMinutes(seed: number): Promise<Lab> {
  const worlds: World[] = [];
  for (const name of ["a", "b"]) {
    const timing = { guestMs: 0, taskMs: 0, diskMs: 0 };
    const habits = { acceptsPaths: true, answersConfigOptions: true, log: (): void => undefined };
    const world = await createWorld({ name, seed, version: "8.0.1", timing, ...habits });
    fillWithFleet(world, 20);
    worlds.push(world);
  }
  let up = true;
  const host = {
    start: async (): Promise<void> => {
      up = true;
    },
    stop: async (): Promise<void> => {
      up = false;
    },
  };
  const life = startLife(
    worlds.map((world) => ({ world, host })),
    createRandom(seed, "life"),
  );
  const reachable: boolean[] = [];
  for (let minute = 0; minute < 5; minute += 1) {
    vi.advanceTimersByTime(60_000);
    reachable.push(up);
  }
  life.stop();
  return { worlds, reachable };
}

const stateOf = ({ worlds }: Lab): unknown =>
  worlds.map(({ vms }) => vms.map(({ name, power, cpuMhz, note, tools }) => ({ name, power, cpuMhz, note, tools })));

describe("five minutes in a lab", () => {
  test("are the same for the same seed", async () => {
    const first = await fiveMinutes(3);
    expect(stateOf(await fiveMinutes(3))).toEqual(stateOf(first));
    expect(stateOf(await fiveMinutes(4))).not.toEqual(stateOf(first));
  });

  test("one host goes away and comes back", async () => {
    const { reachable } = await fiveMinutes(3);
    expect(reachable[0]).toBe(true);
    expect(reachable).toContain(false);
    expect(reachable.at(-1)).toBe(true);
  });

  test("load stays within what the VM has", async () => {
    const { worlds } = await fiveMinutes(3);
    for (const vm of worlds.flatMap((world) => world.vms)) {
      if (vm.power !== "ON") continue;
      expect(vm.cpuMhz).toBeLessThanOrEqual(vm.numCpu * 2194);
      expect(vm.guestMemoryMb).toBeLessThanOrEqual(vm.memoryMb);
    }
  });
});
