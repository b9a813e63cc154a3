import { describe, expect, it } from "vitest";
import { timestampOf } from "../clock.ts";
import { diff, isEmptyChange } from "./diff.ts";
import { observe, observeReads } from "./observe.ts";
import { fakeHost, fakeVm, observationOf, readOf, volume } from "./testing/fake-host.ts";
import { context, lookAt, unknownNode } from "./testing/settings.ts";
import { fakeOf, look, minute, names, threeVms, unread, vmOf } from "./testing/three-vms.ts";

describe("a look at a host", () => {
  it("shows every VM with its values, and a node that is online", () => {
    const { memory } = threeVms();
    expect(vmOf(memory, "runs")).toMatchObject({
      vmid: 1,
      path: `${volume}/runs/runs.vmx`,
      powerState: "ON",
      datastore: "ds1",
      numCpu: 1,
      stale: false,
      readError: null,
    });
    expect(vmOf(memory, "sleeps").powerState).toBe("SUSPENDED");
    expect(memory.node).toMatchObject({ status: "ONLINE", statusMessage: null, version: "8.0.1" });
    expect(memory.pulse.lastScan).toMatchObject({ vmsRead: 3 });
  });

  it("changes nothing when nothing changed, whether summaries were read or not", () => {
    const { host, memory } = threeVms();
    const read = lookAt(memory, host, { at: minute(1) });
    expect(isEmptyChange(diff(memory, read).change)).toBe(true);
    expect(diff(memory, read).pulse.usages).toHaveLength(3);
    const listed = lookAt(read, host, { at: minute(2), reads: unread, facts: false });
    expect(isEmptyChange(diff(read, listed).change)).toBe(true);
    expect(diff(read, listed).pulse.usages).toHaveLength(0);
  });

  it("shows the VMs of a node that is looked at first before their summaries are read", () => {
    const { host } = threeVms();
    const listing = observationOf(host, { at: minute(0), reads: unread });
    const memory = observe(unknownNode(), listing, { ...context, phase: "listing" });
    expect(names(memory)).toEqual(["runs", "sleeps", "stopped"]);
    expect(vmOf(memory, "runs")).toMatchObject({ powerState: "ON", numCpu: null, hardwareVersion: "vmx-19" });
    expect(vmOf(memory, "stopped").powerState).toBe("UNKNOWN");
    expect(vmOf(lookAt(memory, host, { at: minute(0) }), "stopped").id).toBe(vmOf(memory, "stopped").id);
  });

  it("marks what is at or above a limit", () => {
    const host = fakeHost(fakeVm(1, "big", { numCpu: 5 }), fakeVm(2, "small", { numCpu: 4 }));
    const memory = lookAt(unknownNode(), host, { at: minute(0) });
    expect(vmOf(memory, "big").exceeds).toEqual({ cpu: true, ram: false, storage: false });
    expect(vmOf(memory, "small").exceeds.cpu).toBe(false);
    const tight = { ...context.config, vmThresholds: { cpu: 4, ramMb: 1024, storageGb: 1 } };
    const observation = observationOf(host, { at: minute(1) });
    const marked = vmOf(observe(memory, observation, { ...context, config: tight }), "small");
    expect(marked.exceeds).toEqual({ cpu: true, ram: true, storage: true });
  });

  it("counts uptime against the host's own clock where the host prints none", () => {
    const { host, memory } = threeVms();
    const observation = observationOf(host, { at: minute(60) });
    const reads = observation.reads.map((read) =>
      read.outcome === "read" && read.vmid === 1
        ? { ...read, summary: { ...read.summary, uptimeSeconds: null, bootTime: timestampOf(minute(0)) } }
        : read,
    );
    const after = look(memory, { ...observation, reads, clockOffsetMs: 5_000 });
    expect(after.vms.get(vmOf(after, "runs").id)?.usage?.uptimeSeconds).toBe(3605);
  });
});

describe("power", () => {
  it("is ON as soon as the VM is among the running ones, and its summary becomes urgent", () => {
    const { host, memory } = threeVms();
    fakeOf(host, "stopped").power = "ON";
    const after = lookAt(memory, host, { at: minute(1), reads: unread });
    expect(vmOf(after, "stopped").powerState).toBe("ON");
    expect(after.vms.get(vmOf(after, "stopped").id)?.urgent).toBe(true);
    expect(after.vms.get(vmOf(after, "runs").id)?.urgent).toBe(false);
    const read = lookAt(after, host, { at: minute(2) });
    expect(read.vms.get(vmOf(read, "stopped").id)?.urgent).toBe(false);
  });

  it("is UNKNOWN when the VM ran, does so no more, and its summary could not be read", () => {
    const { host, memory } = threeVms();
    fakeOf(host, "runs").power = "SUSPENDED";
    const unsure = lookAt(memory, host, { at: minute(1), reads: unread });
    expect(vmOf(unsure, "runs")).toMatchObject({ powerState: "UNKNOWN", stale: false });
    expect(vmOf(lookAt(memory, host, { at: minute(1) }), "runs").powerState).toBe("SUSPENDED");
    expect(vmOf(lookAt(unsure, host, { at: minute(2) }), "runs").powerState).toBe("SUSPENDED");
  });

  it("follows the summary where it contradicts the list of the same scan, being later", () => {
    const { host, memory } = threeVms();
    const listed = observationOf(host, { at: minute(1) });
    fakeOf(host, "runs").power = "OFF";
    const after = look(memory, { ...listed, reads: [readOf(fakeOf(host, "runs"), minute(1) + 500)] });
    expect(vmOf(after, "runs").powerState).toBe("OFF");
  });

  it("is not concluded from a scan that is still under way", () => {
    const { host, memory } = threeVms();
    fakeOf(host, "runs").power = "OFF";
    const listing = observationOf(host, { at: minute(1), reads: unread });
    const early = observe(memory, listing, { ...context, phase: "listing" });
    expect(vmOf(early, "runs").powerState).toBe("ON");
  });

  it("by a single read is not overwritten by a scan whose lists are older", () => {
    const { host, memory } = threeVms();
    const before = observationOf(host, { at: minute(1) });
    fakeOf(host, "runs").power = "OFF";
    const single = observeReads(memory, [readOf(fakeOf(host, "runs"), minute(1) + 2000)], context.config);
    expect(vmOf(single, "runs").powerState).toBe("OFF");
    expect(vmOf(look(single, before), "runs").powerState).toBe("OFF");
    expect(vmOf(lookAt(single, host, { at: minute(2) }), "runs").powerState).toBe("OFF");
  });
});

describe("a VM that can't be read", () => {
  it("keeps its last known values, says why, and spoils no other", () => {
    const { host, memory } = threeVms();
    fakeOf(host, "stopped").readFails = "Killed";
    const after = lookAt(memory, host, { at: minute(1) });
    expect(vmOf(after, "stopped")).toEqual({ ...vmOf(memory, "stopped"), readError: "Killed", stale: true });
    expect(vmOf(after, "runs")).toEqual(vmOf(memory, "runs"));
    expect(after.node.status).toBe("DEGRADED");
    expect(after.node.statusMessage).toContain("Killed");
    const unreadNow = lookAt(after, host, { at: minute(2), reads: unread });
    expect(isEmptyChange(diff(after, unreadNow).change)).toBe(true);
    delete fakeOf(host, "stopped").readFails;
    const healed = lookAt(unreadNow, host, { at: minute(3) });
    expect(vmOf(healed, "stopped")).toEqual(vmOf(memory, "stopped"));
    expect(healed.node.status).toBe("ONLINE");
  });

  it("is INVALID when hostd skips it, and comes back when it is listed and read again", () => {
    const { host, memory } = threeVms();
    fakeOf(host, "stopped").invalid = true;
    const invalid = lookAt(memory, host, { at: minute(1) });
    expect(vmOf(invalid, "stopped")).toMatchObject({ connectionState: "INVALID", stale: true, numCpu: 1 });
    fakeOf(host, "stopped").invalid = false;
    const listed = lookAt(invalid, host, { at: minute(2), reads: unread });
    expect(listed.vms.get(vmOf(listed, "stopped").id)?.urgent).toBe(true);
    expect(vmOf(listed, "stopped").connectionState).toBe("UNKNOWN");
    expect(vmOf(lookAt(listed, host, { at: minute(3) }), "stopped")).toEqual(vmOf(memory, "stopped"));
  });

  it("keeps its name and size while the host calls it inaccessible and prints its path and unset", () => {
    const { host, memory } = threeVms();
    const observation = observationOf(host, { at: minute(1) });
    const reads = observation.reads.map((read) =>
      read.outcome === "read" && read.vmid === 2
        ? {
            ...read,
            summary: {
              ...read.summary,
              name: read.summary.datastorePath,
              connectionState: "INACCESSIBLE" as const,
              numCpu: null,
              comment: null,
            },
          }
        : read,
    );
    const vm = vmOf(look(memory, { ...observation, reads }), "stopped");
    expect(vm).toMatchObject({
      connectionState: "INACCESSIBLE",
      numCpu: 1,
      comment: "the comment of stopped",
      stale: true,
    });
  });
});
