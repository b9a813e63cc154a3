import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { crawlOver, fails, minute } from "./testing/crawl-over.ts";
import { fakeHost, fakeVm, readOf, volume } from "./testing/fake-host.ts";
import { nodeConfig } from "./testing/settings.ts";

describe("readings of single VMs", () => {
  it("are there when they are committed, and are not undone by an older scan", async () => {
    const host = fakeHost(fakeVm(1, "a", { power: "ON" }));
    const { store, crawler, driver, clock, begin } = crawlOver({ esx1: host });
    await begin(nodeConfig("esx1"));
    driver("esx1").tookMs = 20_000;
    await clock.advance(minute);
    const [vm] = host.vms;
    if (vm === undefined) throw new Error("The host has lost its VM.");
    vm.power = "OFF";
    await crawler.observeVms("esx1", [readOf(vm, clock.now())]);
    expect(store.vm("a")?.powerState).toBe("OFF");
    const changes = store.changes.length;
    await clock.advance(20_000);
    expect(store.vm("a")?.powerState).toBe("OFF");
    expect(store.changes).toHaveLength(changes);
  });

  it("of unknown nodes and VMs are ignored", async () => {
    const { store, crawler, clock, begin } = crawlOver({ esx1: fakeHost(fakeVm(1, "a")) });
    await begin(nodeConfig("esx1"));
    const changes = store.changes.length;
    await crawler.observeVms("esx1", [readOf(fakeVm(9, "stranger"), clock.now())]);
    await crawler.observeVms("nowhere", [readOf(fakeVm(9, "stranger"), clock.now())]);
    expect(store.changes).toHaveLength(changes);
  });
});

describe("refresh", () => {
  it("permits a login, and resolves after a scan that began later", async () => {
    const host = fakeHost(fakeVm(1, "a"));
    const { store, crawler, driver, clock, begin } = crawlOver({ esx1: host });
    await begin(nodeConfig("esx1"));
    fails(driver("esx1"), "AUTH_FAILED");
    await clock.advance(2 * minute);
    expect(store.node("esx1")?.status).toBe("AUTH_FAILED");
    driver("esx1").instead = undefined;
    host.vms.push(fakeVm(2, "new"));
    const refreshed = crawler.refresh("esx1");
    await clock.advance(2_000);
    await refreshed;
    expect(driver("esx1").permitted).toBe(1);
    expect(driver("esx1").requests.at(-1)?.facts).toBe(true);
    expect(store.vm("new")).toBeDefined();
  });

  it("says why it failed", async () => {
    const host = fakeHost(fakeVm(1, "a"));
    const { crawler, driver, clock, begin } = crawlOver({ esx1: host, off: fakeHost() });
    await begin(nodeConfig("esx1"), nodeConfig("off", { disabled: true }));
    const codeOf = (name: string) =>
      crawler.refresh(name).then(
        () => "OK",
        ({ code }: AppError) => code,
      );
    expect(await codeOf("nowhere")).toBe("NOT_FOUND");
    expect(await codeOf("off")).toBe("NODE_DISABLED");
    fails(driver("esx1"), "HOST_BUSY");
    const busy = codeOf("esx1");
    await clock.advance(2_000);
    expect(await busy).toBe("HOST_BUSY");
    driver("esx1").instead = undefined;
    host.hostdUp = false;
    const down = codeOf("esx1");
    await clock.advance(2_000);
    expect(await down).toBe("HOSTD_DOWN");
  });

  it("ends when the crawler does", async () => {
    const { crawler, driver, clock, begin } = crawlOver({ esx1: fakeHost() });
    await begin(nodeConfig("esx1"));
    driver("esx1").tookMs = 30_000;
    const refreshed = crawler.refresh("esx1").then(
      () => "OK",
      ({ code }: AppError) => code,
    );
    await clock.advance(1_500);
    await crawler.close();
    expect(await refreshed).toBe("CANCELLED");
  });
});

describe("hosts.yml", () => {
  it("takes nodes away with their VMs, and leaves unchanged ones alone", async () => {
    const { store, crawler, driver, clock, begin } = crawlOver({
      esx1: fakeHost(fakeVm(1, "a")),
      esx2: fakeHost(fakeVm(1, "b")),
    });
    await begin(nodeConfig("esx1"), nodeConfig("esx2"));
    const before = driver("esx2");
    await crawler.setNodes([nodeConfig("esx2")]);
    expect(store.node("esx1")).toBeUndefined();
    expect(store.vms().map(({ name }) => name)).toEqual(["b"]);
    await clock.advance(5 * minute);
    expect(store.node("esx1")).toBeUndefined();
    expect(driver("esx2")).toBe(before);
  });

  it("applies labels and thresholds at once, and keeps the ids", async () => {
    const { store, crawler, begin } = crawlOver({ esx1: fakeHost(fakeVm(1, "a", { numCpu: 4 })) });
    await begin(nodeConfig("esx1"));
    const id = store.vm("a")?.id;
    const vmThresholds = { cpu: 4, ramMb: 8192, storageGb: 50 };
    await crawler.setNodes([nodeConfig("esx1", { labels: ["lab"], vmThresholds })]);
    expect(store.vm("a")).toMatchObject({ id, nodeLabels: ["lab"], stale: false, exceeds: { cpu: true } });
    expect(store.node("esx1")).toMatchObject({ labels: ["lab"], vmThresholds, status: "ONLINE" });
  });

  it("does not contact a node that is switched off", async () => {
    const { store, crawler, driver, clock, begin } = crawlOver({ esx1: fakeHost(fakeVm(1, "a")) });
    await begin(nodeConfig("esx1"));
    await crawler.setNodes([nodeConfig("esx1", { disabled: true })]);
    expect(store.node("esx1")?.status).toBe("DISABLED");
    expect(store.vm("a")?.stale).toBe(true);
    await clock.advance(5 * minute);
    expect(driver("esx1").startedAt).toHaveLength(0);
    await begin(nodeConfig("esx1"));
    expect(store.node("esx1")?.status).toBe("ONLINE");
    expect(store.vm("a")?.stale).toBe(false);
  });
});

describe("ISO images", () => {
  it("are listed rarely, and their failure is nobody else's", async () => {
    const { store, driver, clock, crawler } = crawlOver({ esx1: fakeHost() });
    await crawler.setNodes([nodeConfig("esx1")]);
    const image = { path: `${volume}/iso/a.iso`, sizeBytes: 1 };
    let listings = 0;
    driver("esx1").isoListing = () => {
      listings += 1;
      if (listings === 2) return Promise.reject(new AppError("TIMEOUT", "A dead mount."));
      return Promise.resolve({
        images: listings === 1 ? [image] : [],
        silent: listings === 3 ? [`${volume}/iso`] : [],
      });
    };
    await clock.advance(5 * minute);
    expect(store.node("esx1")?.isoImages).toEqual([image]);
    await clock.advance(8 * minute);
    expect(store.node("esx1")).toMatchObject({ status: "ONLINE", isoImages: [image] });
    await clock.advance(11 * minute);
    expect(store.node("esx1")?.isoImages, "a silent folder keeps what was known of it").toEqual([image]);
    await clock.advance(11 * minute);
    expect(store.node("esx1")?.isoImages).toEqual([]);
    expect(listings).toBe(4);
  });
});
