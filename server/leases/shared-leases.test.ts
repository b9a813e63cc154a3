import { describe, expect, it } from "vitest";
import { createCluster, loadsOf, seededRandom } from "./testing/cluster.ts";
import { thirtyNodes as nodes, stage, sum } from "./testing/stage.ts";

describe("servers that start", () => {
  it.each([1, 2, 3, 4, 5])("share thirty nodes among %i of them within seconds", async (count) => {
    const { cluster } = await stage(count);
    const loads = loadsOf(cluster);
    expect(sum(loads)).toBe(30);
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
    expect(cluster.faults).toEqual([]);
  });

  it("together hardly take from each other", async () => {
    const { changes } = await stage(4);
    expect(changes()).toBeLessThanOrEqual(36);
  });

  it("are ready when they have their share", async () => {
    const cluster = createCluster(seededRandom(2));
    const { leases } = cluster.join(nodes);
    let loadWhenReady = 0;
    void leases.ready.then(() => (loadWhenReady = leases.held().size));
    await cluster.time.pass(5000);
    expect(loadWhenReady).toBe(30);
    const second = cluster.join(nodes);
    let isReady = false;
    void second.leases.ready.then(() => (isReady = true));
    await cluster.time.pass(1000);
    expect(isReady).toBe(true);
  });

  it("later get their share from those that are there, a node at a time going from hand to hand once", async () => {
    const { cluster, pass, changes } = await stage(3);
    const before = changes();
    cluster.join(nodes);
    await pass(30_000);
    expect(loadsOf(cluster).toSorted((one, other) => one - other)).toEqual([7, 7, 8, 8]);
    expect(changes() - before).toBe(7);
    expect(cluster.faults).toEqual([]);
  });

  it("get a node too that hangs where it was", async () => {
    const { cluster, servers, pass } = await stage(2);
    for (const node of servers[0]?.leases.held().keys() ?? []) cluster.stuck.add(node);
    cluster.join(nodes);
    await pass(60_000);
    expect(loadsOf(cluster)).toEqual([10, 10, 10]);
  });

  it("get no node that is busy", async () => {
    const { cluster, servers, pass } = await stage(2);
    const [busy] = servers[0]?.leases.held().keys() ?? [];
    for (const node of servers[0]?.leases.held().keys() ?? []) cluster.busy.add(node);
    cluster.join(nodes);
    await pass(60_000);
    expect(loadsOf(cluster)[0]).toBe(15);
    expect(servers[0]?.leases.held().has(String(busy))).toBe(true);
    cluster.busy.clear();
    await pass(30_000);
    expect(loadsOf(cluster)).toEqual([10, 10, 10]);
  });
});

describe("servers in peace", () => {
  it("change nothing in a hundred rounds", async () => {
    const { cluster, pass, changes } = await stage(4);
    await pass(5000);
    const before = changes();
    await pass(250_000);
    expect(changes()).toBe(before);
    expect(sum(loadsOf(cluster))).toBe(30);
    expect(cluster.faults).toEqual([]);
  });
});

describe("a lease under which the store takes nothing more", () => {
  it("is given up, and the node is taken under a higher fence", async () => {
    const { cluster, servers, pass, changes } = await stage(3);
    const [refused] = servers[0]?.leases.held().values() ?? [];
    if (refused === undefined) throw new Error("The first server holds nothing.");
    const before = changes();
    cluster.table.refuse(refused);
    expect(servers[0]?.leases.isHeld(refused)).toBe(false);
    await pass(10_000);
    expect(cluster.table.leases.get(refused.node)).toMatchObject({ fence: refused.fence + 1 });
    expect(changes() - before).toBe(1);
    expect(loadsOf(cluster)).toEqual([10, 10, 10]);
    expect(cluster.faults).toEqual([]);
  });

  it("and was lost already is nothing to anybody", async () => {
    const { cluster, servers, pass, changes } = await stage(2);
    const [held] = servers[0]?.leases.held().values() ?? [];
    if (held === undefined) throw new Error("The first server holds nothing.");
    const before = changes();
    cluster.table.refuse({ ...held, fence: held.fence - 1 });
    await pass(10_000);
    expect(changes()).toBe(before);
    expect(servers[0]?.leases.isHeld(held)).toBe(true);
  });
});

describe("a server that stops in order", () => {
  it("is replaced at once", async () => {
    const { cluster, servers, pass } = await stage(3);
    servers[0]?.close();
    await pass(1500);
    expect(loadsOf(cluster)).toEqual([15, 15]);
    expect(cluster.table.servers.size).toBe(2);
  });

  it("is replaced within two rounds where nobody is told of changes", async () => {
    const { cluster, servers, pass } = await stage(3);
    cluster.table.tellsChanges = false;
    servers[0]?.close();
    await pass(5000);
    expect(loadsOf(cluster)).toEqual([15, 15]);
  });

  it("gives away first what is not busy, and keeps the rest until it closes", async () => {
    const { cluster, servers, pass } = await stage(2);
    const [leaving, other] = servers;
    const busy = [...(leaving?.leases.held().keys() ?? [])].slice(0, 3);
    for (const node of busy) cluster.busy.add(node);
    leaving?.leases.drain();
    await pass(4000);
    expect([...(leaving?.leases.held().keys() ?? [])].toSorted()).toEqual(busy.toSorted());
    expect(other?.leases.held().size).toBe(27);
    leaving?.close();
    await pass(1500);
    expect(other?.leases.held().size).toBe(30);
    expect(cluster.faults).toEqual([]);
  });

  it("alone keeps everything until it closes, and removes nothing", async () => {
    const { cluster, servers, pass } = await stage(1);
    servers[0]?.leases.drain();
    await pass(90_000);
    expect([servers[0]?.leases.held().size, cluster.stored.size]).toEqual([30, 30]);
  });

  it("is given nothing any more, whatever it was about to take", async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const cluster = createCluster(seededRandom(seed));
      const server = cluster.join(nodes);
      await cluster.time.pass(50 + seed * 10);
      server.close();
      await cluster.time.pass(3000);
      expect(cluster.faults).toEqual([]);
      expect([...cluster.table.leases.values()].filter(({ owner }) => owner !== null)).toEqual([]);
    }
  });

  it("closes although the database does not answer", async () => {
    const { cluster, servers, pass } = await stage(1);
    cluster.table.isDown = true;
    let isClosed = false;
    void servers[0]?.leases.close().then(() => (isClosed = true));
    expect(servers[0]?.leases.held().size).toBeGreaterThanOrEqual(0);
    await pass(8000);
    expect(isClosed).toBe(true);
    expect(servers[0]?.leases.held().size).toBe(0);
  });
});

describe("hosts.yml", () => {
  it("may differ: a node goes to those that have it", async () => {
    const cluster = createCluster(seededRandom(6));
    const all = cluster.join(nodes);
    const some = cluster.join(nodes.slice(0, 5));
    await cluster.time.pass(20_000);
    expect([all.leases.held().size, some.leases.held().size]).toEqual([25, 5]);
  });

  it("that loses a node on one server after the other: it goes to the other, and is removed by the last", async () => {
    const { cluster, servers, pass } = await stage(2);
    const [one, other] = servers;
    const [node = ""] = one?.leases.held().keys() ?? [];
    const rest = nodes.filter((name) => name !== node);
    one?.setNodes(rest);
    await pass(5000);
    expect([other?.leases.held().has(node), cluster.stored.has(node)]).toEqual([true, true]);
    other?.setNodes(rest);
    await pass(2500);
    expect(cluster.stored.has(node)).toBe(false);
    await pass(2500);
    expect(cluster.table.leases.get(node)?.owner).toBe(null);
  });

  it("that lost a node while nobody ran: it is removed after a while", async () => {
    const cluster = createCluster(seededRandom(7));
    cluster.stored.add("old");
    cluster.join(nodes);
    cluster.join(nodes);
    await cluster.time.pass(55_000);
    expect(cluster.stored.has("old")).toBe(true);
    await cluster.time.pass(15_000);
    expect(cluster.stored.has("old")).toBe(false);
  });

  it("of a server that died: what stands in no other's is removed a while after its death", async () => {
    const { cluster, pass } = await stage(1);
    const other = cluster.join([...nodes, "alone"]);
    await pass(5000);
    other.machine.kill();
    await pass(65_000);
    expect(cluster.stored.has("alone")).toBe(true);
    await pass(20_000);
    expect(cluster.stored.has("alone")).toBe(false);
  });

  it("that gets a node: it is taken within a round", async () => {
    const { cluster, servers, pass } = await stage(2);
    for (const server of servers) server.setNodes([...nodes, "new"]);
    await pass(3000);
    expect(sum(loadsOf(cluster))).toBe(31);
  });
});
