/** Faults of hostd and of what a host prints: what is still known is shown, and nothing is lost. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import { expectKept, expectStale, expectSteadyPace, type FaultLab, startFaultLab } from "./fault-lab.ts";
import { areAll, idsOf, type NodeNow, nodeNow, powerOf, untilNode } from "./node-watch.ts";

let lab: FaultLab;
beforeAll(async () => {
  lab = await startFaultLab({
    "hostd-down": {},
    "hostd-restarts": {},
    truncates: {},
    drops: {},
    garbles: {},
    "one-vm": {},
  });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

describe.concurrent("a host", () => {
  test("without hostd is degraded, and still tells which VMs run", async ({ annotate }) => {
    const name = "hostd-down";
    const host = lab.host(name);
    const { seconds } = await lab.meet(name, () => host.hostdDown(true), "DEGRADED");
    await annotate(`hostd down: ${seconds} s`);
    expect(seconds).toBeLessThan(20);
    // A scan that was under way lost its last answers only; the next one meets hostd's silence from the first.
    const node = await untilNode(
      { url: lab.url, name },
      (now) => now.statusMessage?.includes("agent hostd does not") ?? false,
    );
    expect(node.statusMessage).toMatch(/agent hostd does not.*\/etc\/init\.d\/hostd restart/);
    expect(node.statusMessage).toMatch(/Failed to login: Connection refused/);
    expectKept(node, lab.before(name));
    const vmidOf = (vm: string): number => host.vms().find((each) => each.name === vm)?.vmid ?? 0;
    host.setPower(vmidOf("stopped"), "ON");
    host.setPower(vmidOf("runs"), "OFF");
    // A scan may fall between the two switches.
    const isSeen = ({ stopped, runs }: ReturnType<typeof powerOf>): boolean => stopped === "ON" && runs !== "ON";
    // On MongoDB what changed is told by a commit of its own, a moment before when it was seen.
    const isLater = ({ lastSeenAt }: NodeNow): boolean =>
      Date.parse(lastSeenAt ?? "") > Date.parse(node.lastSeenAt ?? "");
    const seen = await untilNode({ url: lab.url, name }, (now) => isSeen(powerOf(now)) && isLater(now));
    expect(powerOf(seen)).toEqual({ runs: "UNKNOWN", stopped: "ON", sleeps: "SUSPENDED" });
    expect(Object.fromEntries(seen.vms.nodes.map((vm) => [vm.name, vm.stale]))).toMatchObject({
      stopped: false,
      sleeps: true,
    });
    host.hostdDown(false);
    const well = await lab.untilWell(name);
    expect(powerOf(well)).toEqual({ runs: "OFF", stopped: "ON", sleeps: "SUSPENDED" });
  });

  test("whose hostd restarts, lists nothing, then half, keeps every VM and says what it does", async ({ annotate }) => {
    const name = "hostd-restarts";
    const seen: NodeNow[] = [];
    const restart = lab.host(name).restartHostd({ downMs: 5_000, emptyMs: 6_000, halfMs: 6_000 });
    const startedAt = Date.now();
    const ended = restart.then(() => true);
    const look = async (): Promise<boolean> => {
      seen.push(await nodeNow(lab.url, name));
      return Promise.race([ended, delay(50, false)]);
    };
    await until(look, { withinMs: 60_000 });
    for (const node of seen) {
      expect(idsOf(node)).toEqual(idsOf(lab.before(name)));
      expect(powerOf(node)).toEqual(powerOf(lab.before(name)));
    }
    const said = [...new Set(seen.map(({ status, statusMessage }) => `${status} ${statusMessage}`))].join("\n");
    expect(said).toMatch(/^DEGRADED .*agent hostd does not/m);
    expect(said).toMatch(/^DEGRADED .*does not list 3 of 3 VMs .*After its restart this takes some minutes/m);
    await lab.untilWell(name);
    await annotate(`hostd restart, well again after ${(Date.now() - startedAt) / 1000} s`);
  });

  test.each([
    ["truncates", "truncate", /cut or garbled.*tried again by itself.*vim-cmd vmsvc\/getallvms/],
    ["drops", "drop", /cut in the middle.*tried again by itself.*look at the network.*auth\.log/],
    ["garbles", "garble", /cut or garbled.*tried again by itself.*vim-cmd vmsvc\/getallvms/],
  ] as const)("that %s its output is degraded, and what it printed is not used", async (name, kind, message) => {
    const host = lab.host(name);
    const fault = (): unknown => host.faults.add({ kind, afterBytes: 3_000 });
    const { node, seconds } = await lab.meet(name, fault, "DEGRADED");
    expect(seconds).toBeLessThan(20);
    expect(node.statusMessage).toMatch(message);
    expectKept(node, lab.before(name));
    const stale = await untilNode({ url: lab.url, name }, (now) => areAll(now, true));
    expectStale(stale, lab.before(name));
    expect(stale.status).toBe("DEGRADED");
    host.faults.clear();
    await lab.untilWell(name);
  });

  test("with one VM that can't be read names it and shows the others", async () => {
    const name = "one-vm";
    const host = lab.host(name);
    const vmid = host.vms().find((vm) => vm.name === "runs")?.vmid ?? 0;
    const { node, seconds } = await lab.meet(name, () => host.makeUnreadable(vmid), "DEGRADED");
    expect(seconds).toBeLessThan(20);
    expect(node.statusMessage).toMatch(new RegExp(`One VM can't be read, "runs" \\(vmid ${vmid}\\): .*Unable to load`));
    expectKept(node, lab.before(name));
    expect(Object.fromEntries(node.vms.nodes.map((vm) => [vm.name, vm.stale]))).toEqual({
      runs: true,
      stopped: false,
      sleeps: false,
    });
    host.makeUnreadable(vmid, false);
    await lab.untilWell(name);
  });

  test("that is well goes on at its pace meanwhile", async () => {
    await delay(15_000);
    expectSteadyPace(lab, 15);
  });
});
