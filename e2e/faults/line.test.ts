/** Faults of the line to a host and of its silence: what the node says, how soon, and how it comes back. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import { expectKept, expectStale, expectSteadyPace, type FaultLab, startFaultLab } from "./fault-lab.ts";
import { powerOf, untilNode } from "./node-watch.ts";

let lab: FaultLab;
beforeAll(async () => {
  lab = await startFaultLab({ refuses: {}, "takes-no-greeting": {}, "falls-silent": { delayMs: 300 }, hangs: {} });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

describe.concurrent("a host that", () => {
  test("refuses TCP is unreachable at once, and back by itself", async ({ annotate }) => {
    const host = lab.host("refuses");
    const { node, seconds } = await lab.meet("refuses", () => host.stop(), "UNREACHABLE");
    await annotate(`refused: ${seconds} s`);
    expect(seconds).toBeLessThan(20);
    const refused = await untilNode({ url: lab.url, name: "refuses" }, (now) =>
      /refused/.test(now.statusMessage ?? ""),
    );
    expect(refused.statusMessage).toMatch(
      /SSH may be switched off.*TSM-SSH.*Else check address and port in hosts\.yml/,
    );
    expectStale(refused, lab.before("refuses"));
    await delay(3_000);
    const later = await untilNode({ url: lab.url, name: "refuses" }, () => true);
    expect(later.lastSeenAt).toBe(node.lastSeenAt);
    await host.start();
    await lab.untilWell("refuses");
  });

  test("accepts TCP and says nothing is unreachable within 20 s", async ({ annotate }) => {
    const name = "takes-no-greeting";
    const host = lab.host(name);
    const { node, seconds } = await lab.meet(
      name,
      () => {
        host.faults.add({ kind: "half-open" });
        host.dropConnections();
      },
      "UNREACHABLE",
    );
    await annotate(`half-open at connect: ${seconds} s`);
    expect(seconds).toBeLessThan(20);
    expect(node.statusMessage).toMatch(/can't be reached.*handshake.*Check that the host runs and that the network/);
    expectStale(node, lab.before(name));
    host.faults.clear();
    await lab.untilWell(name);
  });

  test("falls silent in mid-scan is unreachable within 20 s", async ({ annotate }) => {
    const name = "falls-silent";
    const host = lab.host(name);
    const inMidScan = async (): Promise<void> => {
      const { channels } = host.sshCounts();
      await until(() => host.sshCounts().channels > channels);
      host.halfOpen(true);
    };
    const { node, seconds } = await lab.meet(name, inMidScan, "UNREACHABLE");
    await annotate(`half-open in mid-scan: ${seconds} s`);
    expect(seconds).toBeLessThan(20);
    expect(node.statusMessage).toMatch(/fell silent.*not even the answer to a keepalive.*Check that the host runs/);
    expectStale(node, lab.before(name));
    host.halfOpen(false);
    await lab.untilWell(name);
  });

  test("answers while hostd hangs is degraded within 20 s, and still tells what runs", async ({ annotate }) => {
    const host = lab.host("hangs");
    const fault = (): unknown => host.faults.add({ kind: "hang", match: "vim-cmd", resumes: true });
    const { node, seconds } = await lab.meet("hangs", fault, "DEGRADED");
    await annotate(`hostd hangs: ${seconds} s`);
    expect(seconds).toBeLessThan(20);
    expect(node.statusMessage).toMatch(/answers.*hangs.*\/etc\/init\.d\/hostd restart.*Running VMs go on/);
    expectKept(node, lab.before("hangs"));
    expect(powerOf(node)).toEqual({ runs: "ON", stopped: "OFF", sleeps: "SUSPENDED" });
    const vmidOf = (vm: string): number => host.vms().find((each) => each.name === vm)?.vmid ?? 0;
    host.setPower(vmidOf("stopped"), "ON");
    host.setPower(vmidOf("runs"), "OFF");
    const seen = await untilNode({ url: lab.url, name: "hangs" }, (now) => powerOf(now)["stopped"] === "ON");
    expect(powerOf(seen)).toEqual({ runs: "UNKNOWN", stopped: "ON", sleeps: "SUSPENDED" });
    host.faults.clear();
    await lab.untilWell("hangs");
  });

  test("is well goes on at its pace meanwhile", async () => {
    await delay(20_000);
    expectSteadyPace(lab, 20);
  });
});
