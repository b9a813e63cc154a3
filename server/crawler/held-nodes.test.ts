/** Several servers over one store: each looks after the nodes it holds, and leaves the others alone. */
import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { minute } from "./testing/crawl-over.ts";
import { fakeHost, fakeVm } from "./testing/fake-host.ts";
import { settled } from "./testing/manual-clock.ts";
import { nodeConfig } from "./testing/settings.ts";
import { serversOver } from "./testing/two-servers.ts";

const twoHosts = () => ({
  esx1: fakeHost(fakeVm(1, "a", { power: "ON" })),
  esx2: fakeHost(fakeVm(1, "b")),
});
const both = [nodeConfig("esx1"), nodeConfig("esx2")];

/** Two servers with the same hosts.yml; the first one holds both nodes and has looked at them. */
async function twoServers(hosts = twoHosts()) {
  const servers = serversOver(hosts);
  const [one, other] = [servers.start(), servers.start()];
  await one.crawler.setNodes(both);
  await other.crawler.setNodes(both);
  await Promise.all([one.take("esx1", "start"), one.take("esx2", "start")]);
  await servers.clock.advance(2_000);
  return { ...servers, hosts, one, other };
}

describe("a node that is not held", () => {
  it("is neither contacted nor written, and does not keep a server from being ready", async () => {
    const { store, clock, start } = serversOver(twoHosts());
    const server = start();
    await server.crawler.setNodes(both);
    await server.take("esx1", "start");
    expect(server.crawler.isReady).toBe(false);
    await clock.advance(2 * minute);
    expect(server.crawler.isReady).toBe(true);
    expect(store.node("esx1")?.status).toBe("ONLINE");
    expect(store.node("esx2")).toBeUndefined();
    expect(server.driver("esx2").startedAt).toEqual([]);
    await expect(server.crawler.refresh("esx2")).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(server.driver("esx2").permitted).toBe(0);
  });

  it("keeps its settings and its place when this server's hosts.yml changes or drops it", async () => {
    const { store, one, other } = await twoServers();
    await other.crawler.setNodes([nodeConfig("esx1", { labels: ["lab"] })]);
    expect(store.node("esx1")?.labels).toEqual([]);
    expect(store.node("esx2")?.status).toBe("ONLINE");
    expect(store.vm("b")).toBeDefined();
    await one.crawler.setNodes([nodeConfig("esx1", { labels: ["lab"] })]);
    expect(store.node("esx1")?.labels).toEqual(["lab"]);
    expect(store.vm("b"), "nobody said that no other server names it").toBeDefined();
    await other.crawler.removeOrphan("esx2");
    expect(store.vm("b"), "only its holder takes it away").toBeDefined();
    await one.crawler.removeOrphan("esx2");
    expect(store.node("esx2")).toBeUndefined();
    expect(store.vm("b")).toBeUndefined();
  });
});

describe("a node that left hosts.yml", () => {
  it("is removed by whoever took it for that, also where nobody ran when it left", async () => {
    const { store, clock, one, start } = await twoServers();
    await one.crawler.letGo("esx2");
    const third = start();
    await third.crawler.setNodes([nodeConfig("esx1")]);
    await third.take("esx2", "start");
    await clock.advance(minute);
    expect(store.vm("b")).toMatchObject({ stale: false });
    await third.crawler.removeOrphan("esx2");
    expect(store.node("esx2")).toBeUndefined();
    expect(store.vm("b")).toBeUndefined();
    expect(third.complaints).toEqual([]);
    expect(third.crawler.isReady).toBe(true);
    await third.crawler.setNodes(both);
    await clock.advance(2_000);
    expect(store.vm("b"), "it came back").toMatchObject({ stale: false });
  });

  it("and came back is not removed by a word that came too late", async () => {
    const { store, clock, one } = await twoServers();
    await one.crawler.setNodes([nodeConfig("esx1")]);
    const scans = one.driver("esx2").startedAt.length;
    await clock.advance(3 * minute);
    expect(one.driver("esx2").startedAt).toHaveLength(scans);
    const returning = one.crawler.setNodes(both);
    await one.crawler.removeOrphan("esx2");
    await returning;
    expect(store.vm("b")).toMatchObject({ stale: false });
    await clock.advance(2_000);
    expect(store.vm("b")).toMatchObject({ stale: false });
    expect(store.node("esx2")?.status).toBe("ONLINE");
  });
});

describe("a hand-over", () => {
  it("of nodes where nothing changed writes nothing but their pulse", async () => {
    const { store, clock, one, other } = await twoServers();
    const [changes, pulses] = [store.changes.length, store.pulses.length];
    await Promise.all([one.crawler.letGo("esx1"), one.crawler.letGo("esx2")]);
    await Promise.all([other.take("esx1"), other.take("esx2")]);
    expect(store.node("esx1")?.status).toBe("ONLINE");
    expect(store.vm("a")?.stale).toBe(false);
    expect(other.crawler.isReady, "not looked at yet").toBe(false);
    await clock.advance(2_000);
    expect(other.crawler.isReady).toBe(true);
    expect(other.driver("esx1").startedAt).toHaveLength(1);
    expect(store.changes).toHaveLength(changes);
    expect(store.pulses).toHaveLength(pulses + 2);
  });

  it("to a server that does not reach the host marks its VMs stale at the first look", async () => {
    const { store, clock, one, other } = await twoServers();
    await one.crawler.letGo("esx1");
    other.driver("esx1").instead = () => Promise.reject(new AppError("HOST_UNREACHABLE", "No route."));
    await other.take("esx1");
    expect(store.vm("a")?.stale).toBe(false);
    await clock.advance(2_000);
    expect(store.vm("a")?.stale).toBe(true);
    expect(store.node("esx1")?.status).toBe("UNREACHABLE");
  });

  it("in mid-scan ends that scan: nothing of it is written, and the driver is closed", async () => {
    const { store, clock, one } = await twoServers();
    one.driver("esx1").tookMs = 30_000;
    const closed = one.closed();
    await clock.advance(minute);
    expect(one.driver("esx1").startedAt.length).toBeGreaterThan(1);
    const [changes, pulses] = [store.changes.length, store.pulses.length];
    const before = one.driver("esx1");
    await one.crawler.letGo("esx1");
    expect(before.underWay).toBe(0);
    expect(one.closed()).toBe(closed + 1);
    await clock.advance(20_000);
    const ofEsx1 = store.pulses.slice(pulses).flatMap(({ nodes }) => nodes.filter(({ node }) => node === "esx1"));
    expect(ofEsx1).toEqual([]);
    expect(store.changes).toHaveLength(changes);
    await clock.advance(5 * minute);
    expect(before.startedAt).toHaveLength(2);
    expect(one.driver("esx1").startedAt).toEqual([]);
    expect(one.complaints).toEqual([]);
  });

  it("back and forth reads anew what the other one wrote", async () => {
    const { store, clock, one, other, hosts } = await twoServers();
    const id = store.vm("a")?.id;
    await one.crawler.letGo("esx1");
    await other.take("esx1");
    await clock.advance(minute);
    const [vm] = hosts.esx1.vms;
    if (vm) vm.numCpu = 7;
    hosts.esx1.vms.push(fakeVm(2, "c"));
    await clock.advance(2 * minute);
    await other.crawler.letGo("esx1");
    const changes = store.changes.length;
    await one.take("esx1");
    await clock.advance(2_000);
    expect(store.changes).toHaveLength(changes);
    expect(store.vm("a")).toMatchObject({ id, numCpu: 7 });
    expect(store.vm("c")).toBeDefined();
  });

  it("of thirty nodes in one go loads the store once", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `esx${index}`);
    const { store, clock, start } = serversOver({});
    const server = start();
    await server.crawler.setNodes(names.map((name) => nodeConfig(name)));
    await Promise.all(names.map((name) => server.take(name)));
    expect(store.loads).toBe(1);
    await clock.advance(2_000);
    expect(names.every((name) => server.driver(name).startedAt.length === 1)).toBe(true);
  });

  it("undone while the store was being read leaves the node alone", async () => {
    const { store, clock, one, other, hosts } = await twoServers();
    const { load } = store;
    const reading = Promise.withResolvers<void>();
    store.load = async () => {
      const stored = await load();
      await reading.promise;
      return stored;
    };
    const taken = other.take("esx1");
    await settled();
    await other.crawler.letGo("esx1");
    await one.crawler.letGo("esx1");
    store.load = load;
    const again = one.take("esx1");
    hosts.esx1.vms.push(fakeVm(2, "c"));
    await clock.advance(2_000);
    await one.crawler.letGo("esx1");
    const regained = other.take("esx1");
    const changes = store.changes.length;
    reading.resolve();
    await Promise.all([taken, again, regained]);
    expect(other.driver("esx1").startedAt).toEqual([]);
    await clock.advance(2_000);
    expect(store.changes, "the new VM is no news to the one that holds it now").toHaveLength(changes);
    expect(store.vm("c")).toBeDefined();
    await clock.advance(3 * minute);
    expect(other.driver("esx1").startedAt.length).toBeGreaterThan(2);
  });

  it("undone while its settings were being written begins no scan", async () => {
    const { store, clock, other } = await twoServers();
    const { apply } = store;
    const writing = Promise.withResolvers<void>();
    store.apply = async (...words) => {
      await writing.promise;
      return apply(...words);
    };
    await other.crawler.setNodes([nodeConfig("esx1", { labels: ["lab"] })]);
    const taken = other.take("esx1");
    await settled();
    const gone = other.crawler.letGo("esx1");
    writing.resolve();
    await Promise.all([taken, gone]);
    await clock.advance(3 * minute);
    expect(other.driver("esx1").startedAt).toEqual([]);
  });
});

describe("a server that lost a node without knowing it", () => {
  it("stops looking and writing at the first refusal, without a word", async () => {
    const { store, clock, one, other } = await twoServers();
    await other.take("esx1");
    await clock.advance(2 * minute);
    const scans = one.driver("esx1").startedAt.length;
    expect(scans).toBeLessThanOrEqual(2);
    await clock.advance(5 * minute);
    expect(one.driver("esx1").startedAt).toHaveLength(scans);
    expect(other.driver("esx1").startedAt.length).toBeGreaterThan(5);
    expect(one.complaints).toEqual([]);
    expect(store.node("esx1")?.status).toBe("ONLINE");
  });

  it("does not contact the host while its lease is not known to be valid", async () => {
    const { clock, start } = serversOver(twoHosts());
    let isValid = true;
    const server = start({ isHeld: () => isValid });
    await server.crawler.setNodes(both);
    await server.take("esx1");
    await clock.advance(2_000);
    isValid = false;
    await clock.advance(5 * minute);
    expect(server.driver("esx1").startedAt).toHaveLength(1);
    isValid = true;
    await clock.advance(2 * minute);
    expect(server.driver("esx1").startedAt.length).toBeGreaterThan(1);
  });
});

it("an unreachable database is not the node's fault, and its next scan brings all along", async () => {
  const { store, clock, one, hosts } = await twoServers();
  const { apply, pulse } = store;
  const away = () => Promise.reject(new AppError("STORE_UNREACHABLE", "The database does not answer."));
  Object.assign(store, { apply: away, pulse: away });
  const [vm] = hosts.esx1.vms;
  if (vm) vm.power = "OFF";
  await clock.advance(3 * minute);
  await settled();
  Object.assign(store, { apply, pulse });
  await clock.advance(2 * minute);
  expect(store.vm("a")?.powerState).toBe("OFF");
  expect(store.node("esx1")).toMatchObject({ status: "ONLINE", statusMessage: null });
  expect(new Set(one.complaints)).toEqual(
    new Set(["What a scan showed could not be recorded: The database does not answer."]),
  );
});
