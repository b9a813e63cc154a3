import { describe, expect, it } from "vitest";
import { crawlOver, fails, minute } from "./testing/crawl-over.ts";
import { fakeHost, fakeVm, volume } from "./testing/fake-host.ts";
import { createMemoryStore } from "./testing/memory-store.ts";
import { nodeConfig } from "./testing/settings.ts";

describe("crawler", () => {
  it("shows a node from hosts.yml at once, and its VMs after the first scan", async () => {
    const { crawler, store, begin } = crawlOver({ esx1: fakeHost(fakeVm(1, "a", { power: "ON" })) });
    expect(crawler.isReady).toBe(false);
    await crawler.setNodes([nodeConfig("esx1")]);
    expect(store.node("esx1")?.status).toBe("PENDING");
    expect(crawler.isReady).toBe(false);
    await begin(nodeConfig("esx1"));
    expect(store.node("esx1")?.status).toBe("ONLINE");
    expect(store.vm("a")).toMatchObject({ powerState: "ON", numCpu: 1, stale: false });
    expect(crawler.isReady).toBe(true);
  });

  it("shows the VMs of a first scan while their summaries are still being read", async () => {
    const { crawler, driver, store, clock } = crawlOver({ esx1: fakeHost(fakeVm(1, "a", { power: "ON" })) });
    await crawler.setNodes([nodeConfig("esx1")]);
    driver("esx1").tookMs = 20_000;
    await clock.advance(10_000);
    expect(store.vm("a")).toMatchObject({ powerState: "ON", numCpu: null });
    await clock.advance(15_000);
    expect(store.vm("a")).toMatchObject({ powerState: "ON", numCpu: 1 });
  });

  it("writes nothing for a tick that showed nothing new, but tells its age", async () => {
    const { store, clock, begin } = crawlOver({ esx1: fakeHost(fakeVm(1, "a"), fakeVm(2, "b", { power: "ON" })) });
    await begin(nodeConfig("esx1"));
    const [changes, pulses] = [store.changes.length, store.pulses.length];
    await clock.advance(10 * minute);
    expect(store.changes).toHaveLength(changes);
    expect(store.pulses.length).toBeGreaterThan(pulses + 8);
    expect(store.stored().pulses[0]?.lastScan?.vmsRead).toBe(2);
  });

  it("starts the first scans of twenty nodes apart, and within two seconds", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `esx${index}`);
    const { driver, begin } = crawlOver({});
    await begin(...names.map((name) => nodeConfig(name)));
    const starts = names.map((name) => driver(name).startedAt[0]);
    expect(new Set(starts).size).toBe(20);
    expect(starts).not.toContain(undefined);
  });

  it("asks for slow facts rarely, and for VMs by the time they wait", async () => {
    const host = fakeHost(fakeVm(1, "a"), fakeVm(2, "b"));
    const { driver, clock, begin } = crawlOver({ esx1: host });
    await begin(nodeConfig("esx1"));
    await clock.advance(9 * minute);
    const { requests } = driver("esx1");
    expect(requests.map(({ facts }) => facts).filter(Boolean)).toHaveLength(2);
    expect(requests.every(({ budgetMs }) => budgetMs === 30_000)).toBe(true);
    expect(requests[0]?.known).toEqual([]);
    expect(requests[1]?.known).toEqual([
      { vmid: 1, path: `${volume}/a/a.vmx`, running: false, urgent: false },
      { vmid: 2, path: `${volume}/b/b.vmx`, running: false, urgent: false },
    ]);
  });

  it("marks what it remembers as stale at a restart, until it is seen", async () => {
    const hosts = { esx1: fakeHost(fakeVm(1, "a")), esx2: fakeHost(fakeVm(1, "b")) };
    const first = crawlOver(hosts);
    await first.begin(nodeConfig("esx1"), nodeConfig("esx2"));
    await first.crawler.close();
    const id = first.store.vm("a")?.id;
    const second = crawlOver(hosts, first.store);
    await second.crawler.setNodes([nodeConfig("esx1")]);
    expect(second.store.vm("a")).toMatchObject({ id, numCpu: 1, stale: true });
    expect(second.store.node("esx1")?.status).toBe("PENDING");
    expect(second.store.node("esx2"), "left hosts.yml meanwhile").toBeUndefined();
    expect(second.store.vm("b")).toBeUndefined();
    await second.clock.advance(2_000);
    expect(second.store.vm("a")).toMatchObject({ id, stale: false });
  });

  it("keeps what cannot be committed for the next scan", async () => {
    const store = createMemoryStore();
    const apply = store.apply;
    const { clock, begin } = crawlOver({ esx1: fakeHost(fakeVm(1, "a")) }, store);
    store.apply = (change) => ((change.vms?.length ?? 0) > 0 ? Promise.reject(new Error("disk full")) : apply(change));
    await begin(nodeConfig("esx1"));
    expect(store.vm("a")).toBeUndefined();
    store.apply = apply;
    await clock.advance(2 * minute);
    expect(store.vm("a")?.stale).toBe(false);
    expect(store.node("esx1")?.status).toBe("ONLINE");
  });
});

describe("crawler and sick hosts", () => {
  it("slows no healthy node while others hang or fail", async () => {
    const names = ["well", "hangs", "fails", "raves"];
    const { driver, store, clock, crawler } = crawlOver({ well: fakeHost(fakeVm(1, "a")) });
    await crawler.setNodes(names.map((name) => nodeConfig(name)));
    driver("hangs").instead = ({ signal }) => clock.sleep(1e9, signal).then(() => Promise.reject(new Error("aborted")));
    driver("raves").instead = () => Promise.resolve({ at: "nonsense" } as never);
    fails(driver("fails"), "HOST_UNREACHABLE");
    await clock.advance(10 * minute);
    expect(driver("well").startedAt.length).toBeGreaterThanOrEqual(10);
    expect(driver("hangs").startedAt).toHaveLength(1);
    expect(store.node("well")?.status).toBe("ONLINE");
    expect(store.node("fails")?.status).toBe("UNREACHABLE");
    expect(store.node("raves")?.status).toBe("DEGRADED");
    for (const name of names) expect(driver(name).mostAtOnce).toBe(1);
  });

  it("keeps the VMs of a silent host, stale, and has it back by itself", async () => {
    const { driver, store, clock, begin } = crawlOver({ esx1: fakeHost(fakeVm(1, "a")) });
    await begin(nodeConfig("esx1"));
    fails(driver("esx1"), "HOST_UNREACHABLE");
    await clock.advance(3 * minute);
    expect(store.vm("a")).toMatchObject({ stale: true, numCpu: 1 });
    expect(store.node("esx1")).toMatchObject({ status: "UNREACHABLE", statusMessage: "It said HOST_UNREACHABLE." });
    const changes = store.changes.length;
    await clock.advance(3 * minute);
    expect(store.changes).toHaveLength(changes);
    driver("esx1").instead = undefined;
    await clock.advance(2.5 * minute);
    expect(store.node("esx1")).toMatchObject({ status: "ONLINE", statusMessage: null });
    expect(store.vm("a")?.stale).toBe(false);
  });

  it("removes and blanks nothing over a hostd restart that lists nothing, then half", async () => {
    const host = fakeHost(...[1, 2, 3, 4].map((vmid) => fakeVm(vmid, `vm${vmid}`, { power: vmid < 3 ? "ON" : "OFF" })));
    const { store, clock, begin } = crawlOver({ esx1: host });
    await begin(nodeConfig("esx1"));
    const before = store.vms();
    for (const listed of [() => false, ({ vmid }: { vmid: number }) => vmid % 2 === 0]) {
      host.listed = listed;
      await clock.advance(3 * minute);
      expect(store.vms()).toHaveLength(4);
      expect(store.vms()).toEqual(before.map((vm) => ({ ...vm, stale: expect.any(Boolean) })));
    }
    host.listed = undefined;
    await clock.advance(2 * minute);
    expect(store.vms()).toEqual(before);
  });
});

describe("crawler and identity", () => {
  it("keeps id and values apart when an old vmid becomes another VM's", async () => {
    const host = fakeHost(fakeVm(1, "a", { numCpu: 2 }), fakeVm(2, "b", { numCpu: 6 }));
    const { store, clock, begin } = crawlOver({ esx1: host });
    await begin(nodeConfig("esx1"));
    const ids = { a: store.vm("a")?.id, b: store.vm("b")?.id };
    const [a, b] = host.vms;
    if (a && b) [a.vmid, b.vmid] = [7, 1];
    await clock.advance(2 * minute);
    expect(store.vm("a")).toMatchObject({ id: ids.a, vmid: 7, numCpu: 2 });
    expect(store.vm("b")).toMatchObject({ id: ids.b, vmid: 1, numCpu: 6 });
  });

  it("takes a VM away after two scans without it, and shows a new one", async () => {
    const host = fakeHost(fakeVm(1, "a"), fakeVm(2, "b"));
    const { store, clock, begin } = crawlOver({ esx1: host });
    await begin(nodeConfig("esx1"));
    host.vms.splice(0, 1, fakeVm(3, "c"));
    await clock.advance(minute);
    expect(store.vm("c")?.stale).toBe(false);
    await clock.advance(2 * minute);
    expect(store.vms().map(({ name }) => name)).toEqual(["b", "c"]);
  });
});
