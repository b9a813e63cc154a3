/** Life in a lab, drawn from the seed: load moves, now and then a VM changes, and one host goes away and comes back. */
import type { Random } from "../random.ts";
import type { SimulatedHost } from "../types.ts";
import { setPower } from "./power.ts";
import { changeVm } from "./registry.ts";
import type { Vm } from "./vm.ts";
import { isRunning } from "./vm.ts";
import type { World } from "./world.ts";

export interface LivingHost {
  readonly host: Pick<SimulatedHost, "start" | "stop">;
  readonly world: World;
}

const tickMs = 5000;
/** In ticks: the last host is away from the first to the second of every such round. */
const roundTicks = 60;
const awayTicks = { from: 24, to: 36 } as const;

export function startLife(fleet: readonly LivingHost[], random: Random): { stop(): void } {
  let tick = 0;
  let stopped = false;
  const live = (): void => {
    tick += 1;
    for (const { world } of fleet) moveLoad(world, random);
    if (tick % 4 === 0) changeSomething(random.pick(fleet).world, random);
    const wanderer = fleet.length > 1 ? fleet.at(-1) : undefined;
    const phase = tick % roundTicks;
    if (phase === awayTicks.from) void wanderer?.host.stop();
    if (phase === awayTicks.to && !stopped) void wanderer?.host.start().catch(() => undefined);
  };
  const timer = setInterval(live, tickMs);
  return {
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}

function moveLoad(world: World, random: Random): void {
  for (const vm of world.vms.filter(isRunning)) {
    vm.cpuMhz = wander(vm.cpuMhz, { low: 10, high: vm.numCpu * world.hardware.cpuMhz * 0.9 }, random);
    vm.guestMemoryMb = wander(vm.guestMemoryMb, { low: vm.memoryMb * 0.02, high: vm.memoryMb * 0.9 }, random);
    vm.committedBytes += random.chance(0.1) ? random.between(0, 4_000_000) : 0;
  }
}

/** Up to a fifth up or down, within the bounds. */
function wander(value: number, bounds: { readonly low: number; readonly high: number }, random: Random): number {
  const moved = value * (0.8 + random.next() * 0.42);
  return Math.round(Math.min(bounds.high, Math.max(bounds.low, moved)));
}

function changeSomething(world: World, random: Random): void {
  if (world.vms.length === 0) return;
  const vm = random.pick(world.vms);
  if (vm.question === null) random.pick(changes)(world, vm, random);
}

const changes: readonly ((world: World, vm: Vm, random: Random) => void)[] = [
  (world, vm) => setPower(world, vm, isRunning(vm) ? "OFF" : "ON"),
  (world, vm) => setPower(world, vm, isRunning(vm) ? "SUSPENDED" : "ON"),
  (world, vm, random) => changeVm(world, vm, { note: `checked, ticket ${random.hex(4)}` }),
  (world, vm, random) => changeVm(world, vm, { tools: random.pick(["toolsOk", "toolsOld"]) }),
];
