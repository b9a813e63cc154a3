import { describe, expect, it } from "vitest";
import { timestampOf } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { VmRead } from "../esxi/driver.ts";
import { diff, isEmptyChange } from "./diff.ts";
import type { NodeMemory } from "./memory.ts";
import { observe, observeReads } from "./observe.ts";
import { fakeVm, observationOf } from "./testing/fake-host.ts";
import { context, lookAt, unknownNode } from "./testing/settings.ts";
import { fakeOf, minute, names, threeVms, unread, vmOf } from "./testing/three-vms.ts";
import { observeFailure } from "./unobserved.ts";

describe("what is missing", () => {
  it("is removed after two complete scans", () => {
    const { host, memory } = threeVms();
    host.vms.splice(0, 1);
    const once = lookAt(memory, host, { at: minute(1) });
    expect(names(once)).toEqual(["runs", "sleeps", "stopped"]);
    expect(vmOf(once, "runs").stale).toBe(true);
    const twice = lookAt(once, host, { at: minute(2) });
    expect(names(twice)).toEqual(["sleeps", "stopped"]);
    expect(diff(once, twice).change.removedVms).toEqual([vmOf(memory, "runs").id]);
  });

  it("stays over a hostd restart that lists nothing, then half, and keeps its values", () => {
    const { host, memory } = threeVms();
    let after = memory;
    host.listed = () => false;
    for (let scan = 1; scan <= 4; scan += 1) after = lookAt(after, host, { at: minute(scan) });
    host.listed = ({ vmid }) => vmid < 2;
    for (let scan = 5; scan <= 8; scan += 1) after = lookAt(after, host, { at: minute(scan) });
    expect(vmOf(after, "stopped")).toEqual({ ...vmOf(memory, "stopped"), stale: true });
    expect(vmOf(after, "runs")).toEqual(vmOf(memory, "runs"));
    expect(after.node).toMatchObject({
      status: "DEGRADED",
      statusMessage: expect.stringMatching(/does not list 2 of 3 VMs .* such as "(stopped|sleeps)".*getallvms/),
    });
    host.listed = undefined;
    after = lookAt(after, host, { at: minute(9), reads: unread });
    expect(after.node.status).toBe("ONLINE");
    expect(diff(memory, after).change).toMatchObject({ vms: [], removedVms: [] });
  });

  it("stays while a line of the list has its vmid, until the host denies it", () => {
    const { host, memory } = threeVms();
    const [gone] = host.vms.splice(0, 1);
    const vmid = gone?.vmid ?? 0;
    const line = { vmid, name: undefined, datastorePath: undefined, guestId: undefined, hardwareVersion: undefined };
    const look = (before: NodeMemory, at: number, reads: readonly VmRead[] = []): NodeMemory => {
      const seen = observationOf(host, { at });
      const listing = { vms: [...(seen.listing?.vms ?? []), line], invalid: [] };
      return observe(before, { ...seen, listing, reads: [...seen.reads, ...reads] }, context);
    };
    let after = memory;
    for (let scan = 1; scan <= 9; scan += 1) after = look(after, minute(scan));
    expect(vmOf(after, "runs")).toEqual({ ...vmOf(memory, "runs"), stale: true });
    for (const scan of [10, 11]) {
      const read = { vmid, at: timestampOf(minute(scan)), outcome: "gone", message: "no such VM" } as const;
      after = look(after, minute(scan), [read]);
    }
    expect(names(after)).toEqual(["sleeps", "stopped"]);
  });

  it("stays for five minutes where vmInventory.xml can't be read either", () => {
    const { host, memory } = threeVms();
    host.hasRegister = false;
    host.listed = () => false;
    let after = memory;
    for (let scan = 1; scan <= 5; scan += 1) after = lookAt(after, host, { at: minute(scan) });
    expect(names(after)).toHaveLength(3);
    expect(names(lookAt(after, host, { at: minute(6) }))).toHaveLength(0);
  });

  it("does not go by a read that says so", () => {
    const { memory } = threeVms();
    const message = "Unable to find a VM corresponding to 2";
    const read = { vmid: 2, at: timestampOf(minute(1)), outcome: "gone", message } as const;
    expect(vmOf(observeReads(memory, [read], context.config), "stopped")).toMatchObject({
      readError: message,
      numCpu: 1,
    });
  });
});

describe("while hostd is down", () => {
  it("what runs is ON, what ran is UNKNOWN, and the rest is as last known", () => {
    const { host, memory } = threeVms();
    host.vms.push(fakeVm(4, "ran", { power: "ON" }));
    const before = lookAt(memory, host, { at: minute(1) });
    fakeOf(host, "ran").power = "OFF";
    host.hostdUp = false;
    const after = lookAt(before, host, { at: minute(2) });
    expect(vmOf(after, "runs")).toEqual(vmOf(memory, "runs"));
    expect(vmOf(after, "ran")).toMatchObject({ powerState: "UNKNOWN", stale: true });
    expect(vmOf(after, "sleeps")).toEqual({ ...vmOf(memory, "sleeps"), stale: true });
    expect(after.node.status).toBe("DEGRADED");
    expect(after.node.statusMessage).toContain("hostd restart");
  });

  it("a node that was never seen still tells which VMs exist and run", () => {
    const { host } = threeVms();
    host.hostdUp = false;
    const memory = lookAt(unknownNode(), host, { at: minute(0) });
    expect(names(memory)).toEqual(["runs", "sleeps", "stopped"]);
    expect(vmOf(memory, "runs").powerState).toBe("ON");
    expect(vmOf(memory, "stopped")).toMatchObject({ powerState: "UNKNOWN", stale: true });
  });
});

describe("a failed scan", () => {
  const failed = (memory: NodeMemory, code: "HOST_UNREACHABLE" | "OUTPUT_DAMAGED", at: number) =>
    observeFailure(memory, new AppError(code, `It said ${code}.`), timestampOf(at));

  it("leaves the VMs as they are, but stale, and the node with its reason and since when", () => {
    const { host, memory } = threeVms();
    const away = failed(memory, "HOST_UNREACHABLE", minute(1));
    expect(away.node).toMatchObject({ status: "UNREACHABLE", statusMessage: "It said HOST_UNREACHABLE." });
    expect([...away.vms.values()].every(({ vm }) => vm.stale)).toBe(true);
    const still = failed(away, "HOST_UNREACHABLE", minute(2));
    expect(isEmptyChange(diff(away, still).change)).toBe(true);
    expect(still.node.statusSince).toBe(timestampOf(minute(1)));
    const back = lookAt(still, host, { at: minute(3) });
    expect(back.node).toMatchObject({ status: "ONLINE", statusSince: timestampOf(minute(3)) });
    expect(vmOf(back, "runs")).toEqual(vmOf(memory, "runs"));
  });

  it("of damaged output is forgiven once", () => {
    const { memory } = threeVms();
    const once = failed(memory, "OUTPUT_DAMAGED", minute(1));
    expect(once.node.status).toBe("DEGRADED");
    expect([...once.vms.values()].some(({ vm }) => vm.stale)).toBe(false);
    const twice = failed(once, "OUTPUT_DAMAGED", minute(2));
    expect([...twice.vms.values()].every(({ vm }) => vm.stale)).toBe(true);
  });
});
