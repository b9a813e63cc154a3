/**
 * The power state machine. A request is judged and taken at once, or refused with a typed fault; what it brings about
 * comes with the host's task, or when the guest gets round to it.
 */
import type { Fault, HostPowerWord } from "../text/fault.ts";
import { taskInProgress, toolsMissing, wrongPowerState } from "../text/fault.ts";
import type { SimPower } from "../words.ts";
import type { HostTask } from "./host-task.ts";
import { removeSwap, startRefusal, writeRuntimeFiles } from "./runtime-files.ts";
import { isUnderWay, startTask } from "./tasks.ts";
import type { Vm } from "./vm.ts";
import { toolsRun } from "./vm.ts";
import type { World } from "./world.ts";

export const hostPowerWords: Readonly<Record<SimPower, HostPowerWord>> = {
  ON: "poweredOn",
  OFF: "poweredOff",
  SUSPENDED: "suspended",
};

export type TaskOperation = "powerOn" | "powerOff" | "suspend" | "reset" | "suspendResume";
export type GuestOperation = "shutdownGuest" | "rebootGuest";

export interface PowerChange {
  readonly power: SimPower;
  /** The swap file takes its room on the datastore. Default false. */
  readonly charged?: boolean;
}

/** Sets the state itself, with all that hangs on it. */
export function setPower(world: World, vm: Vm, change: SimPower | PowerChange): void {
  const { power, charged = false } = typeof change === "string" ? { power: change } : change;
  if (power === vm.power) return;
  const isRegistered = world.vms.includes(vm);
  if (vm.power === "ON" && isRegistered) removeSwap(world, vm);
  changePower(world, vm, power);
  if (power === "ON" && isRegistered) writeRuntimeFiles(world, vm, charged);
}

/** The host has lost its power: the swap file is left. */
export function setPowerLost(world: World, vm: Vm): void {
  changePower(world, vm, "OFF");
}

function changePower(world: World, vm: Vm, power: SimPower): void {
  const now = Date.now();
  const resumes = vm.power === "SUSPENDED" && power === "ON";
  vm.power = power;
  vm.bootedAt = power === "ON" ? now : null;
  vm.upSince = power === "ON" ? now : null;
  vm.suspendedAt = power === "SUSPENDED" ? now : resumes ? vm.suspendedAt : null;
  vm.worldId = power === "ON" ? world.nextWorldId : null;
  if (power === "ON") world.nextWorldId += 17;
  vm.cpuMhz = power === "ON" ? 20 + vm.numCpu * 35 : 0;
  vm.guestMemoryMb = power === "ON" ? Math.round(vm.memoryMb * 0.1) : 0;
  vm.hostMemoryMb = power === "ON" ? Math.round(vm.memoryMb * 0.6) : 0;
}

const wanted: Readonly<Record<TaskOperation, SimPower>> = {
  powerOn: "ON",
  powerOff: "OFF",
  suspend: "SUSPENDED",
  reset: "ON",
  suspendResume: "ON",
};

/** The fault that refuses the operation now, or null. */
export function refusal(world: World, vm: Vm, operation: TaskOperation | GuestOperation): Fault | null {
  const classic = world.release.dumpForm === "classic";
  const isGuest = operation === "shutdownGuest" || operation === "rebootGuest";
  const target = isGuest ? "ON" : wanted[operation];
  const possible = operation === "powerOn" ? vm.power !== "ON" : operation === "powerOff" ? vm.power !== "OFF" : null;
  if (!(possible ?? vm.power === "ON")) {
    return wrongPowerState(hostPowerWords[target], hostPowerWords[vm.power], classic);
  }
  if (isGuest) return toolsRun(vm) ? null : toolsMissing();
  return world.tasks.some((task) => task.vm === vm && isUnderWay(task)) ? taskInProgress() : null;
}

/** Call only when there is no refusal. */
export function startPowerTask(world: World, vm: Vm, operation: TaskOperation): Promise<HostTask> {
  const asks = operation === "powerOn" ? vm.asksAtPowerOn : null;
  if (operation === "powerOn") vm.asksAtPowerOn = null;
  return startTask(world, vm, {
    operation,
    asks,
    finish: async () => {
      const refused = operation === "powerOn" ? await startRefusal(world, vm) : null;
      if (refused !== null) return refused;
      if (operation === "reset") restartGuest(vm);
      else if (operation !== "suspendResume") setPower(world, vm, { power: wanted[operation], charged: true });
      return null;
    },
  });
}

/** Asks the guest and returns; whether and when it follows is its own affair. */
export function askGuest(world: World, vm: Vm, operation: GuestOperation): void {
  if (vm.ignoresShutdown) return;
  const startedIn = vm.worldId;
  const follow = (): void => {
    if (vm.worldId !== startedIn) return;
    if (operation === "shutdownGuest") setPower(world, vm, "OFF");
    else restartGuest(vm);
  };
  setTimeout(follow, world.timing.guestMs).unref();
}

/** Uptime begins anew; the time of the power-on stays. */
function restartGuest(vm: Vm): void {
  vm.upSince = Date.now();
}
