/** What a scan really calls on the host, in which order, and how it gets on without hostd. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostObservation, KnownVm, ScanRequest } from "../../server/esxi/driver.ts";
import { until } from "../harness/until.ts";
import { type StubVm, vmxPath } from "./esxi-texts.ts";
import { type FalseHost, startFalseHost } from "./false-host.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";

const skipped = whatIsMissing() !== undefined;
const everything: ScanRequest = { budgetMs: 10_000, facts: true, known: [] };

const list = ["vim-cmd", "vmsvc/getallvms"];
const running = ["esxcli", "--formatter=csv", "vm", "process", "list"];
const runningLocally = ["localcli", "vm", "process", "list"];
const hostSummary = ["vim-cmd", "hostsvc/hostsummary"];
const factCalls = [
  ["vmware", "-v"],
  ["esxcli", "--formatter=csv", "storage", "filesystem", "list"],
  ["esxcli", "--formatter=csv", "network", "vswitch", "standard", "portgroup", "list"],
];
const summaryOf = (vmid: number): readonly string[] => ["vim-cmd", "vmsvc/get.summary", String(vmid)];

function known(vm: StubVm, what: Partial<KnownVm> = {}): KnownVm {
  return { vmid: vm.vmid, path: vmxPath(vm), running: vm.power === "on", urgent: false, ...what };
}

/** Two that run at once are recorded in either order. */
function inAnyOrder(calls: readonly (readonly string[])[]): readonly string[] {
  return calls.map((argv) => argv.join(" ")).sort();
}

function readOrder(seen: HostObservation): readonly number[] {
  return seen.reads.map(({ vmid }) => vmid);
}

describe.skipIf(skipped)(nameWithReason("a scan under OpenSSH with busybox ash"), () => {
  const web: StubVm = { vmid: 1, name: "web", power: "on" };
  const db: StubVm = { vmid: 2, name: "db (old)", power: "off" };
  const mail: StubVm = { vmid: 17, name: "mail", power: "suspended" };
  let host: FalseHost;
  beforeAll(async () => {
    host = await startFalseHost([web, db, mail]);
  });
  afterAll(() => host?.close());

  it("calls each thing once, summaries last, two at a time", async () => {
    await host.driver.scan(everything, {});
    const calls = await host.newCalls();
    expect(calls.slice(0, 6)).toEqual([...factCalls, list, running, hostSummary]);
    expect(inAnyOrder(calls.slice(6, 8))).toEqual(inAnyOrder([summaryOf(1), summaryOf(17)]));
    expect(calls.slice(8)).toEqual([summaryOf(2)]);
  });

  it("leaves out the facts when they are not asked for", async () => {
    await host.driver.scan({ ...everything, facts: false }, {});
    expect((await host.newCalls()).slice(0, 3)).toEqual([list, running, hostSummary]);
  });

  it("asks once more for a list that a fault replaced", async () => {
    const fault = "(vmodl.fault.ManagedObjectNotFound) {\n   obj = 'vim.VirtualMachine:9'\n}\n";
    await host.world.answer(list, { stdout: fault, exitCode: 1 });
    const seen = await host.driver.scan({ ...everything, facts: false }, {});
    await host.world.forgetAnswer(list);
    expect(await host.newCalls()).toEqual([list, list, running, runningLocally, hostSummary]);
    expect(seen).toMatchObject({ hostdUp: true, reads: [], listing: undefined });
    expect([...(seen.registered?.keys() ?? [])]).toEqual([1, 2, 17]);
  });

  it("tells what runs by localcli when hostd refuses logins", async () => {
    const refusal = { stderr: "Failed to login: Connection refused\n", exitCode: 1 };
    for (const call of [list, running, hostSummary]) await host.world.answer(call, refusal);
    const seen = await host.driver.scan({ ...everything, facts: false }, {});
    for (const call of [list, running, hostSummary]) await host.world.forgetAnswer(call);
    expect(await host.newCalls()).toEqual([list, running, runningLocally, hostSummary]);
    expect(seen).toMatchObject({ hostdUp: false, running: [{ name: "web", path: vmxPath(web) }] });
  });

  it("reads exactly the VMs asked for, and calls nothing else", async () => {
    const reads = await host.driver.scanVms([17, 99, 1], {});
    expect(reads.map(({ vmid, outcome }) => [vmid, outcome])).toEqual([
      [17, "read"],
      [99, "gone"],
      [1, "read"],
    ]);
    expect(inAnyOrder(await host.newCalls())).toEqual(inAnyOrder([1, 17, 99].map(summaryOf)));
  });
});

describe.skipIf(skipped)(nameWithReason("which summaries a scan reads first"), () => {
  const vms = Array.from(
    { length: 8 },
    (_, i): StubVm => ({ vmid: i + 1, name: `vm ${i + 1}`, power: i % 2 ? "off" : "on" }),
  );
  const [vm1, vm2, , vm4, vm5, vm6, vm7, vm8] = vms as [StubVm, StubVm, StubVm, StubVm, StubVm, StubVm, StubVm, StubVm];
  let host: FalseHost;
  beforeAll(async () => {
    host = await startFalseHost(vms);
  });
  afterAll(() => host?.close());

  async function scan(knownVms: readonly KnownVm[], budgetMs = 10_000): Promise<HostObservation> {
    return host.driver.scan({ budgetMs, facts: false, known: knownVms }, {});
  }

  it("urgent ones, new ones, those that moved or switched, and the longest unread, one in four of them in any case", async () => {
    const seen = await scan([
      known(vm6),
      known(vm1),
      known(vm5, { path: "/vmfs/volumes/64a1b2c3-d4e5f607-1829-0050568a0001/elsewhere/vm 5.vmx" }),
      known(vm4, { running: true }),
      known(vm7),
      known(vm8),
      known(vm2, { urgent: true }),
    ]);
    expect(readOrder(seen)).toEqual([2, 3, 5, 6, 4, 1, 7, 8]);
  });

  it("only in their turn where nothing has changed, whatever name their datastore goes by", async () => {
    const seen = await scan(
      vms.toReversed().map((vm) => known(vm, { path: vmxPath(vm).replace(/64a1[^/]*/, "datastore1") })),
    );
    expect(readOrder(seen)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it("as many as the budget allows, never one that is not registered", async () => {
    // The budget ends with a whole second; eight reads, two at a time, take two.
    await host.world.setDelay("vim-cmd", 0.5);
    await host.newCalls();
    const gone = { vmid: 99, path: "/vmfs/volumes/x/gone/gone.vmx", running: false, urgent: true };
    const seen = await scan([gone, ...vms.map((vm) => known(vm))], 1_000);
    await host.world.setDelay("vim-cmd", 0);
    const calls = await host.newCalls();
    expect(calls).not.toContainEqual(summaryOf(99));
    expect(calls).toHaveLength(3 + seen.reads.length);
    expect(readOrder(seen)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].slice(0, seen.reads.length));
    expect(seen.reads.length).toBeLessThan(8);
  });

  it("in their turn where two datastores hold the same folder and one of the two VMs runs", async () => {
    const twins = [vm1, { ...vm2, datastorePath: "[datastore1] copy/vm.vmx", power: "on" as const }];
    const other = { vmid: 9, path: "/vmfs/volumes/other/copy/vm.vmx", running: false, urgent: false };
    await host.world.setVms([...twins, { vmid: 9, name: "copy", datastorePath: "[other] copy/vm.vmx", power: "off" }]);
    const seen = await scan([known(vm1), other, ...twins.slice(1).map((vm) => known(vm))]);
    expect(readOrder(seen)).toEqual([1, 9, 2]);
    await host.world.setVms(vms);
  });
});

describe.skipIf(skipped)(nameWithReason("a scan while hostd hangs"), () => {
  const vms: readonly StubVm[] = [
    { vmid: 1, name: "web", power: "on" },
    { vmid: 2, name: "db & co", power: "off" },
  ];

  it.concurrent.each([10, 1])(
    "tells within 20 s what is registered and what runs (MaxSessions %i)",
    async (maxSessions) => {
      const host = await startFalseHost(vms, { maxSessions });
      await host.driver.scan(everything, {});
      await host.newCalls();
      for (const command of ["vim-cmd", "esxcli"]) await host.world.setHanging(command, true);
      const from = performance.now();
      const seen = await host.driver.scan({ ...everything, facts: false }, {});
      expect(performance.now() - from).toBeLessThan(20_000);
      expect(seen).toMatchObject({ hostdUp: false, listing: undefined, reads: [] });
      expect(seen.problems.join()).toMatch(/hostd restart/);
      expect([...(seen.registered ?? [])]).toEqual(vms.map((vm) => [vm.vmid, vmxPath(vm)]));
      expect(seen.running).toMatchObject([{ name: "web", path: vmxPath({ vmid: 1, name: "web" }) }]);
      expect(await host.newCalls()).toEqual([list, runningLocally]);

      const again = await host.driver.scan(everything, {});
      expect(again).toMatchObject({ hostdUp: false, listing: undefined, running: [{ name: "web" }] });
      expect(again.problems.join()).toMatch(/hostd restart/);
      // What hangs must not pile up on the host.
      expect(await host.newCalls()).toEqual([runningLocally]);

      for (const command of ["vim-cmd", "esxcli"]) await host.world.setHanging(command, false);
      await until(async () => (await host.driver.scan(everything, {})).hostdUp, { what: "a scan of a whole host" });
      expect(await readdir(join(host.world.root, "tmp"))).toEqual([]);
      await host.close();
    },
  );
});
