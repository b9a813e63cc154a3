/**
 * What every NodeDriver does, whoever stands behind it: the simulator, OpenSSH with busybox, or a real ESXi host.
 * A host that may not be changed gives no `control`; the acting half is then skipped by name.
 */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PowerAction, PowerState } from "../model.ts";
import { creationContract } from "./creation.contract.ts";
import type { ActReport, ActRequest, HostObservation, NodeDriver, VmAddress, VmSummary } from "./driver.ts";

export interface DriverUnderTest {
  readonly driver: NodeDriver;
  readonly control: HostControl | undefined;
  close(): Promise<void>;
}

/** The host as its own administrator sees it. */
export interface HostControl {
  /** Everything that must be told of a VM for it to be acted on. */
  vms(): Promise<readonly HostVm[]>;
  setPower(vmid: number, power: PowerState): Promise<void>;
  /** `power.on /vmfs/volumes/…/a.vmx` for every change really made, in order. */
  changes(): Promise<readonly string[]>;
}

export interface HostVm extends VmAddress {
  readonly name: string;
  readonly power: PowerState;
  readonly hasTools: boolean;
}

const scanRequest = { budgetMs: 10_000, facts: true, known: [] };
let acts = 0;

/** `canChange`: does `open` give a control. The host has at least three VMs, one of them off, one on with running tools. */
export function driverContract(name: string, canChange: boolean, open: () => Promise<DriverUnderTest>): void {
  describe(`NodeDriver: ${name}`, () => {
    let host: DriverUnderTest;
    beforeAll(async () => {
      host = await open();
    });
    afterAll(() => host.close());

    it("scans a whole host in one look: facts, listings, summaries", async () => {
      const seen = await host.driver.scan(scanRequest, {});
      expect(seen.problems).toEqual([]);
      expect(seen.hostdUp).toBe(true);
      expect(seen.facts?.version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(seen.facts?.datastores?.length).toBeGreaterThan(0);
      expect(seen.usage?.hardware?.cpuCores).toBeGreaterThan(0);
      expect(seen.listing?.vms.length).toBeGreaterThan(2);
      expect(seen.reads.map((read) => read.outcome)).toContain("read");
      const read = summariesOf(seen).map(placeOf);
      const running = (seen.running ?? []).map((vm) => belowVolume(vm.path));
      const on = summariesOf(seen).filter((summary) => summary.powerState === "ON");
      // A big host does not get through all summaries in one scan.
      expect(running.filter((path) => read.includes(path)).sort()).toEqual(on.map(placeOf).sort());
    });

    it("tells the listings before the summaries, and once", async () => {
      const early: HostObservation[] = [];
      const seen = await host.driver.scan(scanRequest, { onListing: (listing) => early.push(listing) });
      expect(early).toHaveLength(1);
      expect(early[0]?.listing).toEqual(seen.listing);
      expect(early[0]?.running).toBeDefined();
    });

    it("leaves the slow-changing facts out unless asked", async () => {
      const seen = await host.driver.scan({ ...scanRequest, facts: false }, {});
      expect(seen.facts).toBeUndefined();
      expect(seen.problems).toEqual([]);
    });

    it("reads single VMs, and says which the host does not have", async () => {
      const { listing } = await host.driver.scan(scanRequest, {});
      const vmid = listing?.vms[0]?.vmid ?? 0;
      const reads = await host.driver.scanVms([vmid, 999_999], {});
      expect(reads.find((read) => read.vmid === vmid)?.outcome).toBe("read");
      expect(reads.find((read) => read.vmid === 999_999)?.outcome).toBe("gone");
    });

    it("lists ISO images of a datastore, and nothing of a folder that is not there", async () => {
      const { facts } = await host.driver.scan(scanRequest, {});
      const mountPoints = (facts?.datastores ?? []).map((datastore) => datastore.mountPoint);
      const { images, silent } = await host.driver.listIsoImages(
        { folders: ["/vmfs/volumes/nowhere"], mountPoints },
        {},
      );
      expect(silent).toEqual([]);
      for (const image of images) expect(image.path).toMatch(/^\/vmfs\/volumes\/.*\.iso$/i);
    });

    it("lists ISO images for several at once, none of them told that a folder did not answer", async () => {
      const request = { folders: ["/vmfs/volumes/nowhere"], mountPoints: [] };
      const listings = await Promise.all([1, 2, 3, 4].map(() => host.driver.listIsoImages(request, {})));
      for (const { silent } of listings) expect(silent).toEqual([]);
    });

    it.skipIf(!canChange)("switches on, once, and shows what became of it", async () => {
      const vm = await vmThatIs(host, "OFF");
      const request = powerRequest(vm, "ON");
      const receipt = await host.driver.act(request, {});
      expect(receipt).toMatchObject({ outcome: "started", summary: { powerState: "OFF" } });
      const report = await lookUntil(
        host.driver,
        request,
        (look) => look.command === "ended" && look.summary?.powerState === "ON",
      );
      expect(report).toMatchObject({ exitCode: 0, failure: null });
      expect(report.output).toContain("Powering on VM:");
      expect(await host.driver.act(request, {})).toMatchObject({ outcome: "already" });
      expect(await changesOf(host, vm)).toEqual([`power.on ${vm.path}`]);
    });

    it.skipIf(!canChange)("never starts the same act twice, and forgets it when told to", async () => {
      const vm = await vmThatIs(host, "ON");
      const request = powerRequest(vm, "RESET");
      expect(await host.driver.act(request, {})).toMatchObject({ outcome: "started" });
      await lookUntil(host.driver, request, (look) => look.command === "ended");
      expect(await host.driver.act(request, {})).toMatchObject({ outcome: "refused", reason: "duplicate" });
      expect((await host.driver.look(request, {})).hostTask?.state).toBe("success");
      await host.driver.forget([request.actId], {});
      await host.driver.forget([request.actId], {});
      expect((await host.driver.look(request, {})).command).toBe("absent");
    });

    it.skipIf(!canChange)("tells of a lost receipt that its act was begun", async () => {
      const vm = await vmThatIs(host, "OFF");
      const sentAt = new Date().toISOString();
      const request = powerRequest(vm, "ON");
      await host.driver.act(request, {});
      for (let times = 0; times < 2; times += 1)
        expect(await host.driver.fence({ actId: request.actId, sentAt }, {})).toBe("begun");
      await lookUntil(host.driver, request, (look) => look.command === "ended");
      await host.driver.forget([request.actId], {});
    });

    it.skipIf(!canChange)("keeps an act from beginning that was not begun, for good", async () => {
      const vm = await vmThatIs(host, "OFF");
      const sentAt = new Date().toISOString();
      const request = powerRequest(vm, "ON");
      const before = await host.control?.changes();
      for (let times = 0; times < 2; times += 1) {
        expect(await host.driver.fence({ actId: request.actId, sentAt }, {})).toBe("fenced");
        expect(await host.driver.look(request, {})).toMatchObject({
          command: "absent",
          summary: { powerState: "OFF" },
        });
        expect(await host.driver.act(request, {})).toMatchObject({ outcome: "refused", reason: "duplicate" });
        await host.driver.forget([request.actId], {});
      }
      expect(await host.control?.changes()).toEqual(before);
    });

    it.skipIf(!canChange)("decides between an act and a fence that come at once", async () => {
      const vm = await vmThatIs(host, "OFF");
      const sentAt = new Date().toISOString();
      const request = powerRequest(vm, "ON");
      const before = (await host.control?.changes()) ?? [];
      const [receipt, claim] = await Promise.all([
        host.driver.act(request, {}),
        host.driver.fence({ actId: request.actId, sentAt }, {}),
      ]);
      const wasBegun = claim === "begun";
      expect(receipt.outcome).toBe(wasBegun ? "started" : "refused");
      if (wasBegun) await lookUntil(host.driver, request, (look) => look.command === "ended");
      expect((await host.control?.changes())?.length).toBe(before.length + (wasBegun ? 1 : 0));
    });

    it.skipIf(!canChange)("knows nothing of acts from before the host's last restart", async () => {
      const request = { actId: `contract-${process.pid}-early`, sentAt: "2001-01-01T00:00:00.000Z" };
      expect(await host.driver.fence(request, {})).toBe("forgotten");
    });

    it.skipIf(!canChange).each([
      ["another path", { datastorePath: "[elsewhere] x/x.vmx" }],
      ["another UUID", { uuid: "00000000-0000-0000-0000-000000000000" }],
      ["a vmid the host does not have", { vmid: 999_998 }],
    ])("refuses a VM that has %s by now, and touches nothing", async (_what, wrong) => {
      const vm = await vmThatIs(host, "ON");
      const before = await host.control?.changes();
      const receipt = await host.driver.act(powerRequest({ ...vm, ...wrong }, "OFF"), {});
      expect(receipt).toMatchObject({ outcome: "refused", reason: "identity" });
      expect(await host.control?.changes()).toEqual(before);
    });

    it.skipIf(!canChange)("refuses what the VM's state does not allow", async () => {
      const off = await vmThatIs(host, "OFF");
      expect(await host.driver.act(powerRequest(off, "REBOOT"), {})).toMatchObject({
        outcome: "refused",
        reason: "state",
      });
      expect(await host.driver.act(powerRequest(off, "OFF"), {})).toMatchObject({ outcome: "already" });
      const expecting = { ...powerRequest(off, "ON"), expectedPowerState: "SUSPENDED" } as const;
      expect(await host.driver.act(expecting, {})).toMatchObject({ outcome: "refused", reason: "state" });
    });

    it.skipIf(!canChange)("refuses to ask a guest whose tools do not run", async () => {
      const vm = (await host.control?.vms())?.find((each) => !each.hasTools);
      if (vm === undefined) throw new Error("the host under test has no VM without tools");
      await host.control?.setPower(vm.vmid, "ON");
      const receipt = await host.driver.act(powerRequest(vm, "SHUTDOWN"), {});
      expect(receipt).toMatchObject({ outcome: "refused", reason: "tools" });
    });

    describe.skipIf(!canChange)("on a host that may be changed", () => creationContract(() => host.driver));

    it("plans the line it would run, quoted", () => {
      const vm = { vmid: 1, path: "/vmfs/volumes/a/b c/d.vmx", datastorePath: "[a] b c/d.vmx", uuid: null };
      expect(host.driver.plan(powerRequest(vm, "OFF"))).toEqual([
        "vim-cmd vmsvc/power.off '/vmfs/volumes/a/b c/d.vmx'",
      ]);
    });
  });
}

function powerRequest({ vmid, path, datastorePath, uuid }: VmAddress, action: PowerAction): ActRequest {
  acts += 1;
  return {
    actId: `contract-${process.pid}-${acts}`,
    vm: { vmid, path, datastorePath, uuid },
    act: { kind: "power", action },
  };
}

async function vmThatIs({ control }: DriverUnderTest, power: PowerState): Promise<HostVm> {
  const vm = (await control?.vms())?.find((each) => each.hasTools);
  if (vm === undefined) throw new Error("the host under test has no VM with tools");
  await control?.setPower(vm.vmid, power);
  return vm;
}

async function changesOf({ control }: DriverUnderTest, vm: HostVm): Promise<readonly string[]> {
  return ((await control?.changes()) ?? []).filter((change) => change.endsWith(` ${vm.path}`));
}

async function lookUntil(
  driver: NodeDriver,
  request: ActRequest,
  isDone: (look: ActReport) => boolean,
): Promise<ActReport> {
  for (const deadline = Date.now() + 20_000; ; ) {
    const report = await driver.look(request, {});
    if (isDone(report)) return report;
    if (Date.now() > deadline) throw new Error(`The act did not come to its end: ${JSON.stringify(report)}`);
    await delay(100);
  }
}

function summariesOf(seen: HostObservation): readonly VmSummary[] {
  return seen.reads.flatMap((read) => (read.outcome === "read" ? [read.summary] : []));
}

function placeOf(summary: VmSummary): string {
  return belowVolume(summary.datastorePath ?? "");
}

/** A datastore goes by name here and by UUID there. */
function belowVolume(path: string): string {
  return path.replace(/^\[[^\]]*\] |^\/vmfs\/volumes\/[^/]*\//, "");
}
