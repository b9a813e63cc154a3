import { afterEach, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import type { Simulator } from "../types.ts";
import type { SimVm } from "../words.ts";

const opened: Simulator[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function fleet(seed: number, hosts = 2): Promise<SimVm[]> {
  const simulator = await startSimulator({ seed, hosts, vmsPerHost: 70, delayMs: 0 });
  opened.push(simulator);
  return simulator.hosts.flatMap((host) => host.vms());
}

/** What does not depend on when it was looked at. */
function lasting(vms: readonly SimVm[]): unknown[] {
  return vms.map(({ vmid, name, path, uuid, power, numCpu, memoryMb, committedBytes, note }) => {
    return { vmid, name, path, uuid, power, numCpu, memoryMb, committedBytes, note };
  });
}

test("the same seed gives the same fleet, another seed another", async () => {
  const first = lasting(await fleet(4));
  expect(lasting(await fleet(4))).toEqual(first);
  expect(lasting(await fleet(5))).not.toEqual(first);
});

test("a lab's variety: states, sizes over each threshold, equal names, notes over lines, other alphabets", async () => {
  const vms = await fleet(1, 1);
  const count = (holds: (vm: SimVm) => boolean): number => vms.filter(holds).length;
  for (const power of ["ON", "OFF", "SUSPENDED"]) expect(count((vm) => vm.power === power)).toBeGreaterThan(0);
  expect(count((vm) => vm.numCpu >= 5)).toBeGreaterThan(2);
  expect(count((vm) => vm.memoryMb >= 8192)).toBeGreaterThan(2);
  expect(count((vm) => vm.committedBytes >= 50e9)).toBeGreaterThan(2);
  expect(count((vm) => vm.numCpu < 5 && vm.memoryMb < 8192 && vm.committedBytes < 50e9)).toBeGreaterThan(20);
  expect(count((vm) => vm.name === "template")).toBe(2);
  expect(count((vm) => vm.note.includes("\n"))).toBeGreaterThan(0);
  expect(count((vm) => /[^\u0020-\u007f]/.test(vm.name))).toBeGreaterThan(0);
  expect(count((vm) => /[[\]"]/.test(vm.name))).toBeGreaterThan(0);
  expect(new Set(vms.map((vm) => vm.path)).size).toBe(vms.length);
});
