import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFaultList } from "./faults.ts";
import { createRandom } from "./random.ts";
import { startSimulator } from "./simulator.ts";
import { connect, eventually } from "./test-client.ts";
import type { SimulatedHost, Simulator } from "./types.ts";

describe("which rule hits", () => {
  const event = { host: "a", line: "vim-cmd vmsvc/get.summary 12" };
  const hits = (list: ReturnType<typeof createFaultList>, times: number): number =>
    Array.from({ length: times }, () => list.take(["hang"], event)).filter(Boolean).length;

  test("skip, then count, then no more", () => {
    const list = createFaultList(createRandom(1), [{ kind: "hang", match: "get.summary", skip: 2, count: 3 }]);
    expect([hits(list, 2), hits(list, 3), hits(list, 5)]).toEqual([0, 3, 0]);
  });

  test("only where kind, match and host agree; none after it was taken away", () => {
    const list = createFaultList(createRandom(1));
    const remove = list.add({ kind: "hang", match: "get.summary 12", host: "a" });
    expect(list.take(["drop"], event)).toBeUndefined();
    expect(list.take(["hang"], { ...event, host: "b" })).toBeUndefined();
    expect(list.take(["hang"], { ...event, line: "vim-cmd vmsvc/getallvms" })).toBeUndefined();
    expect(list.take(["hang"], { ...event, line: null })).toBeUndefined();
    expect(hits(list, 1)).toBe(1);
    remove();
    expect(hits(list, 1)).toBe(0);
  });

  test("probability is drawn from the seed", () => {
    const draw = (seed: number): number =>
      hits(createFaultList(createRandom(seed), [{ kind: "hang", match: "summary", probability: 0.3 }]), 1000);
    expect(draw(7)).toBe(draw(7));
    expect(draw(7)).toBeGreaterThan(200);
    expect(draw(7)).toBeLessThan(400);
  });
});

describe("what a fault does", () => {
  let simulator: Simulator;
  let host: SimulatedHost;
  beforeEach(async () => {
    const vms = Array.from({ length: 6 }, (_, index) => ({ name: `vm${index}`, power: "ON" as const }));
    simulator = await startSimulator({ hosts: [{ vms }], delayMs: 0, taskMs: 0 });
    [host] = simulator.hosts as [SimulatedHost];
  });
  afterEach(() => simulator.close());

  test("refuse and auth-failure keep everybody out", async () => {
    const remove = host.faults.add({ kind: "refuse" });
    await expect(connect(host, simulator)).rejects.toThrow();
    remove();
    simulator.faults.add({ kind: "auth-failure", host: host.name });
    await expect(connect(host, simulator)).rejects.toThrow("authentication");
  });

  test("wrong-host-key shows a key that hosts.yml does not know", async () => {
    host.faults.add({ kind: "wrong-host-key", count: 1 });
    const seen: string[] = [];
    const hostVerifier = (key: Buffer): boolean => seen.push(key.toString("base64")) > 0;
    for (const _ of [1, 2, 3]) await (await connect(host, simulator, { hostVerifier }))[Symbol.asyncDispose]();
    expect(seen[0]).not.toBe(seen[1]);
    expect(seen[1]).toBe(seen[2]);
  });

  test("truncate cuts one command's output, and all seems well", async () => {
    host.faults.add({ kind: "truncate", match: "getallvms", afterBytes: 30 });
    await using ssh = await connect(host, simulator);
    const { stdout, exitCode } = await ssh.sh("vim-cmd vmsvc/getallvms; echo END");
    expect(stdout).toMatch(/^.{30}END\n$/s);
    expect(exitCode).toBe(0);
  });

  test("truncate of a channel cuts the whole of it", async () => {
    host.faults.add({ kind: "truncate", afterBytes: 10, count: 1 });
    await using ssh = await connect(host, simulator);
    expect((await ssh.sh("echo 12345; echo 67890")).stdout).toBe("12345\n6789");
    expect((await ssh.sh("echo 12345; echo 67890")).stdout).toBe("12345\n67890\n");
  });

  test("garble leaves the length and spoils the rest", async () => {
    await using ssh = await connect(host, simulator);
    const good = await ssh.exec("vim-cmd vmsvc/getallvms");
    host.faults.add({ kind: "garble", match: "getallvms", afterBytes: 20 });
    const bad = await ssh.exec("vim-cmd vmsvc/getallvms");
    expect(bad.stdout.slice(0, 20)).toBe(good.stdout.slice(0, 20));
    expect(bad.stdout.length).toBe(good.stdout.length);
    expect(bad.stdout).not.toContain("[datastore1]");
  });

  test.each([
    ["of a command", { kind: "drop", match: "get.summary 3" } as const],
    ["of a channel", { kind: "drop", afterBytes: 100 } as const],
  ])("drop %s ends the connection in mid-output", async (_, rule) => {
    host.faults.add(rule);
    await using ssh = await connect(host, simulator);
    const output = await ssh.sh("for i in 1 2 3 4 5 6; do vim-cmd vmsvc/get.summary $i; done; echo END");
    expect(output.exitCode).toBeNull();
    expect(output.stdout).toContain("Listsummary:");
    expect(output.stdout).not.toContain("END");
  });

  test("hang stops at that command; what came before was sent, the connection lives", async () => {
    host.faults.add({ kind: "hang", match: "get.summary 3" });
    await using ssh = await connect(host, simulator);
    const channel = await ssh.open("sh -s");
    let text = "";
    channel.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
    channel.end("for i in 1 2 3 4; do echo start $i; vim-cmd vmsvc/get.summary $i; done");
    await eventually(() => text.endsWith("start 3\n"));
    expect((await ssh.exec("echo alive")).stdout).toBe("alive\n");
    expect(text).not.toContain("start 4");
  });

  test("hostd down: no login for vim-cmd and esxcli, localcli and files go on", async () => {
    host.hostdDown(true);
    await using ssh = await connect(host, simulator);
    const vim = await ssh.exec("vim-cmd vmsvc/getallvms");
    expect(vim).toEqual({ stdout: "", stderr: "Failed to login: Connection refused\n", exitCode: 1 });
    expect((await ssh.exec("esxcli vm process list")).exitCode).toBe(1);
    expect((await ssh.exec("localcli vm process list")).stdout).toContain("Display Name: vm0");
    expect((await ssh.exec("/etc/init.d/hostd status")).stdout).toBe("hostd is not running\n");
    expect((await ssh.exec("cat /etc/vmware/hostd/vmInventory.xml")).stdout).toContain("<objID>1</objID>");
    host.hostdDown(false);
    expect((await ssh.exec("vim-cmd vmsvc/getallvms")).exitCode).toBe(0);
  });

  test("after a restart hostd lists nothing, then half, then all", async () => {
    await using ssh = await connect(host, simulator);
    const listed = async (): Promise<number> =>
      (await ssh.exec("vim-cmd vmsvc/getallvms")).stdout.split("\n").length - 2;
    const whole = host.restartHostd({ emptyMs: 300, halfMs: 300 });
    expect(await listed()).toBe(0);
    expect((await ssh.exec("vim-cmd vmsvc/get.summary 1")).stdout).toContain("vim.fault.NotFound");
    await eventually(async () => (await listed()) === 3);
    await whole;
    expect(await listed()).toBe(6);
  });

  test("the free licence refuses changes and allows looking", async () => {
    host.faults.add({ kind: "free-licence" });
    await using ssh = await connect(host, simulator);
    const refused = await ssh.exec("vim-cmd vmsvc/power.off 1");
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain("Current license or ESXi version prohibits execution of the requested operation");
    expect((await ssh.exec("vim-cmd vmsvc/power.getstate 1")).stdout).toContain("Powered on");
    expect(simulator.actionLog).toEqual([]);
  });

  test("max-sessions-1 and fail", async () => {
    host.faults.add({ kind: "max-sessions-1" });
    host.faults.add({ kind: "fail", match: "getallvms", text: "Aborted\n" });
    await using ssh = await connect(host, simulator);
    const first = await ssh.open("cat");
    await expect(ssh.open("true")).rejects.toThrow("Channel open failure");
    const closed = new Promise((resolve) => first.on("close", resolve));
    first.resume().end();
    await closed;
    expect(await ssh.exec("vim-cmd vmsvc/getallvms")).toEqual({ stdout: "", stderr: "Aborted\n", exitCode: 1 });
  });
});

test("a folder of captures stands in for what a command prints", async () => {
  const folder = mkdtempSync(join(tmpdir(), "captures-"));
  writeFileSync(join(folder, "vmsvc_get.summary.txt"), "recorded for all\n");
  writeFileSync(join(folder, "vmsvc_get.summary_2.txt"), "recorded for 2\n");
  writeFileSync(join(folder, "esxcli_vm_process_list.txt"), "recorded list\n");
  const simulator = await startSimulator({ hosts: 1, vmsPerHost: 3, delayMs: 0, capturesDir: folder });
  await using ssh = await connect(simulator.hosts[0] as SimulatedHost, simulator);
  const { stdout } = await ssh.sh(
    "for i in 1 2; do vim-cmd vmsvc/get.summary $i; done; esxcli --formatter=csv vm process list",
  );
  expect(stdout).toBe("recorded for all\nrecorded for 2\nrecorded list\n");
  await simulator.close();
  rmSync(folder, { recursive: true });
});
