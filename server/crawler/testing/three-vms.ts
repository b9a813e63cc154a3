/** A small host and what is known of it, for the tests of observation. */
import type { HostObservation } from "../../esxi/driver.ts";
import type { Vm } from "../../model.ts";
import type { NodeMemory } from "../memory.ts";
import { observe } from "../observe.ts";
import { type FakeHost, type FakeVm, fakeHost, fakeVm } from "./fake-host.ts";
import { context, lookAt, unknownNode } from "./settings.ts";

const start = Date.parse("2026-01-01T00:00:00.000Z");
/** ms; so many minutes after the first look. */
export const minute = (count: number) => start + count * 60_000;
/** Reads no summary. */
export const unread = () => false;

/** By name. */
export function vmOf(memory: NodeMemory, name: string): Vm {
  const found = [...memory.vms.values()].find(({ vm }) => vm.name === name);
  if (found === undefined) throw new Error(`No VM ${name} is known.`);
  return found.vm;
}

/** Of all known VMs, sorted. */
export function names(memory: NodeMemory): readonly string[] {
  return [...memory.vms.values()].map(({ vm }) => vm.name).sort();
}

/** A host with a running, a stopped and a suspended VM, all read. */
export function threeVms(): { readonly host: FakeHost; readonly memory: NodeMemory } {
  const host = fakeHost(
    fakeVm(1, "runs", { power: "ON" }),
    fakeVm(2, "stopped"),
    fakeVm(3, "sleeps", { power: "SUSPENDED" }),
  );
  return { host, memory: lookAt(unknownNode(), host, { at: minute(0) }) };
}

/** By name. */
export function fakeOf(host: FakeHost, name: string): FakeVm {
  const vm = host.vms.find((candidate) => candidate.name === name);
  if (vm === undefined) throw new Error(`No VM ${name} on the host.`);
  return vm;
}

/** Takes an observation as a whole scan. */
export function look(memory: NodeMemory, observation: HostObservation): NodeMemory {
  return observe(memory, observation, context);
}
