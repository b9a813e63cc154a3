import { describe, expect, it } from "vitest";
import type { Datastore } from "../model.ts";
import type { NodeMemory } from "./memory.ts";
import { observe, observeReads } from "./observe.ts";
import { datastore, fakeHost, fakeVm, observationOf, readOf, volume } from "./testing/fake-host.ts";
import { context, lookAt, unknownNode } from "./testing/settings.ts";

const at = (seconds: number) => 1e12 + seconds * 1000;

function known(memory: NodeMemory) {
  return new Map([...memory.vms.values()].map(({ vm }) => [vm.comment, { id: vm.id, vmid: vm.vmid, path: vm.path }]));
}

/** Two VMs of one name, told apart by their comments. */
function twins() {
  const host = fakeHost(
    fakeVm(7, "twin", { file: "a/twin.vmx", instanceUuid: "i-a", comment: "a" }),
    fakeVm(8, "twin", { file: "b/twin.vmx", instanceUuid: "i-b", comment: "b" }),
  );
  return { host, memory: lookAt(unknownNode(), host, { at: at(0) }) };
}

function swapVmids(vms: { vmid: number }[]): void {
  const [one, other] = vms;
  if (one && other) [one.vmid, other.vmid] = [other.vmid, one.vmid];
}

describe("a vmid that became another VM's", () => {
  it("is followed by the path", () => {
    const { host, memory } = twins();
    const before = known(memory);
    swapVmids(host.vms);
    const after = known(lookAt(memory, host, { at: at(60), reads: () => false }));
    expect(after.get("a")).toEqual({ ...before.get("a"), vmid: 8 });
    expect(after.get("b")).toEqual({ ...before.get("b"), vmid: 7 });
  });

  it("between the listing and the summaries takes no values along", () => {
    const { host, memory } = twins();
    const listed = observationOf(host, { at: at(60) });
    swapVmids(host.vms);
    for (const vm of host.vms) vm.numCpu = vm.comment === "a" ? 2 : 3;
    const cpus = (memory: NodeMemory) =>
      new Map([...memory.vms.values()].map(({ vm }) => [vm.path, [vm.comment, vm.numCpu, vm.vmid]]));
    const between = observe(memory, { ...listed, reads: host.vms.map((vm) => readOf(vm, at(61))) }, context);
    expect(cpus(between)).toEqual(cpus(memory));
    const after = cpus(lookAt(between, host, { at: at(120) }));
    expect(after.get(`${volume}/a/twin.vmx`)).toEqual(["a", 2, 8]);
    expect(after.get(`${volume}/b/twin.vmx`)).toEqual(["b", 3, 7]);
  });

  it("in a single read gives nothing to the VM that had it", () => {
    const { memory } = twins();
    const stranger = fakeVm(7, "stranger", { comment: "stranger" });
    const after = observeReads(memory, [readOf(stranger, at(60))], context.config);
    expect(known(after)).toEqual(known(memory));
  });
});

describe("a path", () => {
  it("that was first seen under the datastore's name keeps its VM when the UUID becomes known", () => {
    const { host } = twins();
    host.hasRegister = false;
    const first = observe(unknownNode(), { ...observationOf(host, { at: at(0) }), facts: undefined }, context);
    expect(known(first).get("a")?.path).toBe("/vmfs/volumes/ds1/a/twin.vmx");
    const second = lookAt(first, host, { at: at(60) });
    expect(known(second).get("a")).toEqual({ ...known(first).get("a"), path: `${volume}/a/twin.vmx` });
    expect(second.vms.size).toBe(2);
  });

  it("survives the renaming of its datastore, before and after the new name is known", () => {
    const { host, memory } = twins();
    const renamed = observationOf(host, { at: at(60), reads: () => false, facts: false });
    const vms = renamed.listing?.vms.map((row) => ({
      ...row,
      datastorePath: row.datastorePath?.replace("ds1", "new"),
    }));
    const listing = { vms: vms ?? [], invalid: [] };
    const unaware = observe(memory, { ...renamed, listing }, context);
    const datastores: readonly Datastore[] = [{ ...datastore, name: "new" }];
    const facts = { version: "8.0.1", build: "1", portGroups: [], datastores };
    const aware = observe(unaware, { ...renamed, listing, facts }, context);
    expect(known(unaware)).toEqual(known(memory));
    expect(known(aware)).toEqual(known(memory));
  });

  it("survives a list of datastores that came out empty", () => {
    const { host, memory } = twins();
    host.hasRegister = false;
    const observation = observationOf(host, { at: at(60), reads: () => false });
    const facts = { version: "8.0.1", build: "1", portGroups: [], datastores: [] };
    const after = observe(memory, { ...observation, facts }, context);
    expect(known(after)).toEqual(known(memory));
    expect(after.node.datastores).toHaveLength(1);
  });

  it("of which only the vmid could be read keeps its VM", () => {
    const { host, memory } = twins();
    host.hasRegister = false;
    const observation = observationOf(host, { at: at(60), reads: () => false });
    const blank = { name: undefined, datastorePath: undefined, guestId: undefined, hardwareVersion: undefined };
    const vms = observation.listing?.vms.map((row) => ({ ...row, ...blank })) ?? [];
    let after = memory;
    for (let scan = 0; scan < 3; scan += 1)
      after = observe(after, { ...observation, listing: { vms, invalid: [] } }, context);
    expect([...after.vms.values()].map(({ vm }) => vm)).toEqual([...memory.vms.values()].map(({ vm }) => vm));
  });
});
