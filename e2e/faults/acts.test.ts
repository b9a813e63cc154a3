/** Hosts that limit what can be done on them: one channel at a time, no licence to change anything, or little speed. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import { type FaultLab, startFaultLab } from "./fault-lab.ts";
import { nodeNow, powerOf, untilNode } from "./node-watch.ts";
import { setPower } from "./tasks-of.ts";

let lab: FaultLab;
beforeAll(async () => {
  const hosts = {
    "one-channel": { maxSessions: 1, delayMs: 200 },
    "no-channel": { maxSessions: 0 },
    "free-licence": {},
    slow: {},
  };
  lab = await startFaultLab(hosts, { ill: ["no-channel"] });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

function vmIdOf(host: string, vm: string): string {
  return lab.before(host).vms.nodes.find(({ name }) => name === vm)?.id ?? "";
}

describe.concurrent("a host", () => {
  test("with MaxSessions 1 is scanned, and switched in mid-scan", async () => {
    const name = "one-channel";
    const host = lab.host(name);
    const { channels } = host.sshCounts();
    await until(() => host.sshCounts().channels > channels);
    const ended = await setPower(lab.url, { vmId: vmIdOf(name, "stopped"), action: "ON" });
    expect(ended).toMatchObject({ state: "SUCCEEDED", error: null });
    const seen = await untilNode({ url: lab.url, name }, (now) => powerOf(now)["stopped"] === "ON");
    expect(seen).toMatchObject({ status: "ONLINE", statusMessage: null });
    const later = await untilNode({ url: lab.url, name }, ({ lastScan }) => lastScan?.at !== seen.lastScan?.at);
    expect(later).toMatchObject({ status: "ONLINE", statusMessage: null });
  });

  test("that gives no channel at all is degraded, with the settings to look at", async () => {
    const node = await untilNode({ url: lab.url, name: "no-channel" }, ({ status }) => status === "DEGRADED");
    expect(node.statusMessage).toMatch(/accepted the login and gives no channel.*MaxSessions and ForceCommand/);
  });

  test("with a free licence refuses a power action in its own words, and is seen as before", async () => {
    const name = "free-licence";
    lab.host(name).faults.add({ kind: "free-licence" });
    const ended = await setPower(lab.url, { vmId: vmIdOf(name, "stopped"), action: "ON" });
    expect(ended).toMatchObject({ state: "FAILED", error: { code: "LICENSE_RESTRICTED" } });
    const words = "Current license or ESXi version prohibits execution of the requested operation";
    expect(ended.error?.message).toContain(words);
    expect(ended.hostOutput).toContain(words);
    expect(await nodeNow(lab.url, name)).toMatchObject({ status: "ONLINE", statusMessage: null });
    expect(lab.app.simulator.actionLog.filter(({ host }) => host === name)).toEqual([]);
  });

  test("that takes ten seconds for the list of VMs stays online, its age is shown", async () => {
    const host = lab.host("slow");
    host.faults.add({ kind: "slow", match: "getallvms" });
    const slow = await untilNode(
      { url: lab.url, name: "slow" },
      ({ lastScan }) => (lastScan?.durationMs ?? 0) >= 10_000,
    );
    expect(slow).toMatchObject({ status: "ONLINE", statusMessage: null });
    expect(Date.now() - Date.parse(slow.lastScan?.at ?? "")).toBeGreaterThanOrEqual(10_000);
    host.faults.clear();
    await until(async () => ((await nodeNow(lab.url, "slow")).lastScan?.durationMs ?? 1e9) < 10_000);
    await lab.untilWell("slow");
  });
});
