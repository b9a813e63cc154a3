import { describe, expect, it } from "vitest";
import { AppError, type ErrorCode, errorCodes } from "../errors.ts";
import { nodeStatuses } from "../model.ts";
import { verdictOfError, verdictOfObservation, withVerdict } from "./node-status.ts";
import { fakeHost, fakeVm, observationOf } from "./testing/fake-host.ts";
import { lookAt, unknownNode } from "./testing/settings.ts";

describe("node status", () => {
  it.each<[ErrorCode, string]>([
    ["HOST_UNREACHABLE", "UNREACHABLE"],
    ["TIMEOUT", "UNREACHABLE"],
    ["AUTH_FAILED", "AUTH_FAILED"],
    ["HOST_KEY_UNKNOWN", "HOST_KEY_UNKNOWN"],
    ["HOST_KEY_MISMATCH", "HOST_KEY_MISMATCH"],
    ["HOSTD_DOWN", "DEGRADED"],
    ["HOST_BUSY", "DEGRADED"],
    ["OUTPUT_DAMAGED", "DEGRADED"],
  ])("of %s is %s, with the message of the fault", (code, status) => {
    expect(verdictOfError(new AppError(code, "What happened. What to do."))).toEqual({
      status,
      message: "What happened. What to do.",
    });
  });

  it("is there for every fault there is", () => {
    for (const code of errorCodes) expect(nodeStatuses).toContain(verdictOfError(new AppError(code, "x")).status);
  });

  it("is DEGRADED while a part of the observation is missing, and says which", () => {
    const observation = observationOf(fakeHost(), { at: 0 });
    expect(verdictOfObservation(observation, [])).toEqual({ status: "ONLINE", message: null });
    expect(verdictOfObservation({ ...observation, listing: undefined }, []).message).toContain("the list of VMs whole");
    expect(verdictOfObservation({ ...observation, running: undefined }, []).message).toContain("list of running VMs");
    const problems = ["One.", "Two.", "Three.", "Four.", "Five."];
    const { status, message } = verdictOfObservation({ ...observation, problems }, []);
    expect(status).toBe("DEGRADED");
    expect(message).toBe("One. Two. Three. (2 more of this kind.)");
  });

  it("names a VM that can't be read, and counts the others", () => {
    const host = fakeHost(fakeVm(1, "fine"), fakeVm(2, "bad", { readFails: "Killed." }));
    const one = lookAt(unknownNode(), host, { at: 0 }).node;
    expect(one.statusMessage).toBe(`One VM can't be read, "bad" (vmid 2): Killed.`);
    host.vms.push(fakeVm(3, "worse", { invalid: true }));
    const two = lookAt(unknownNode(), host, { at: 0 }).node;
    expect(two.statusMessage).toContain(`2 of 3 VMs can't be read, for example "`);
  });

  it("dates from the last change of the status, not of the message", () => {
    const { node } = unknownNode();
    const first = withVerdict(node, { status: "DEGRADED", message: "a" }, "2026-01-02T00:00:00.000Z");
    const second = withVerdict(first, { status: "DEGRADED", message: "b" }, "2026-01-03T00:00:00.000Z");
    expect(second).toMatchObject({ statusSince: "2026-01-02T00:00:00.000Z", statusMessage: "b" });
  });
});
