/** Tasks of the host: queued, running, then success or error, on their own time. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../text/fault.ts";
import { canceled } from "../text/fault.ts";
import type { SimQuestion } from "../words.ts";
import type { HostTask } from "./host-task.ts";
import type { Vm } from "./vm.ts";
import type { World } from "./world.ts";

export interface TaskWork {
  readonly operation: string;
  /** A question to ask first; the task waits for its answer. */
  readonly asks: SimQuestion | null;
  /** Runs when the time is up; a fault makes the task an error. */
  readonly finish: () => Promise<Fault | null>;
}

export function isUnderWay(task: HostTask): boolean {
  return task.state === "queued" || task.state === "running";
}

/** Starts at once; the promise resolves with the task when it has ended, which may be never while a question is open. */
export function startTask(world: World, vm: Vm, work: TaskWork): Promise<HostTask> {
  const task: HostTask = {
    id: `haTask-${vm.vmid}-vim.VirtualMachine.${work.operation}-${world.nextTask}`,
    operation: work.operation,
    vm,
    vmid: vm.vmid,
    state: "queued",
    fault: null,
    queuedAt: Date.now(),
    startedAt: null,
    completedAt: null,
  };
  world.nextTask += 13;
  world.tasks.push(task);
  if (world.tasks.length > 1000) world.tasks.splice(0, 500);
  return runTask(world, task, work);
}

async function runTask(world: World, task: HostTask, work: TaskWork): Promise<HostTask> {
  const { boots } = world;
  task.state = "running";
  task.startedAt = Date.now();
  if (work.asks !== null) task.vm.question = work.asks;
  const cancelled = await answered(task.vm);
  if (world.timing.taskMs > 0) await sleep(world.timing.taskMs, undefined, { ref: false });
  task.fault = cancelled || world.boots !== boots ? canceled() : await work.finish();
  task.state = task.fault === null ? "success" : "error";
  task.completedAt = Date.now();
  return task;
}

const waiting = new WeakMap<Vm, ((cancelled: boolean) => void)[]>();

/** Resolves when no question is open; true when its answer was one that cancels. */
function answered(vm: Vm): Promise<boolean> {
  if (vm.question === null) return Promise.resolve(false);
  return new Promise((resolve) => waiting.set(vm, [...(waiting.get(vm) ?? []), resolve]));
}

/** Closes the VM's question and lets what waited for it go on. */
export function answerQuestion(vm: Vm, choiceKey: string): void {
  const cancelled = vm.question?.choices.find((choice) => choice.key === choiceKey)?.cancels ?? false;
  vm.question = null;
  for (const resolve of waiting.get(vm) ?? []) resolve(cancelled);
  waiting.delete(vm);
}
