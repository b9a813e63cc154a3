import { describe, expect, it } from "vitest";
import { silentLog } from "../log.ts";
import { createCluster, loadsOf, seededRandom } from "./testing/cluster.ts";
import { thirtyNodes as nodes, stage } from "./testing/stage.ts";

/** Tells what is logged, as [level, fields, message]. */
function tellingLog() {
  const lines: [string, Record<string, unknown>, string][] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push([level, { ...fields }, message]);
  return { log: { ...silentLog, info: at("info"), warn: at("warn"), error: at("error") }, lines };
}

describe("a server that dies", () => {
  it("is replaced within 20 s, and evenly; the log says how long it was silent", async () => {
    const { log, lines } = tellingLog();
    const { cluster, servers, pass } = await stage(3, 3);
    const heir = cluster.join(nodes, { log });
    await pass(30_000);
    servers[0]?.machine.kill();
    await pass(20_000);
    expect(loadsOf(cluster)).toEqual([10, 10, 10]);
    const taken = lines.filter(([, fields]) => fields["formerOwner"] === servers[0]?.id);
    expect(taken.length).toBeGreaterThan(0);
    for (const [level, { node, fence, silentMs }] of taken) {
      expect(level).toBe("info");
      expect(heir.leases.isHeld({ node: String(node), fence: Number(fence) })).toBe(true);
      expect(Number(silentMs)).toBeGreaterThanOrEqual(10_000);
      expect(Number(silentMs)).toBeLessThan(13_000);
    }
  });

  it("is struck off in the end", async () => {
    const { cluster, servers, pass } = await stage(2);
    servers[0]?.machine.kill();
    await pass(55_000);
    expect(cluster.table.servers.size).toBe(2);
    await pass(25_000);
    expect([...cluster.table.servers.keys()]).toEqual([servers[1]?.id]);
  });

  it("and one that dies before it took its share of that do not keep the nodes from the third", async () => {
    const { cluster, servers, pass } = await stage(3);
    servers[0]?.machine.kill();
    await pass(9000);
    servers[1]?.machine.kill();
    await pass(11_000);
    expect(loadsOf(cluster)[0]).toBeGreaterThanOrEqual(20);
    await pass(9000);
    expect(loadsOf(cluster)).toEqual([30]);
    expect(cluster.faults).toEqual([]);
  });
});

describe("a server that stands still", () => {
  it("for nine seconds has everything again as soon as it has let go of it", async () => {
    const { servers, pass } = await stage(1);
    servers[0]?.machine.stop();
    await pass(9000);
    expect(servers[0]?.leases.held().size).toBe(0);
    servers[0]?.machine.resume();
    await pass(1400);
    expect(servers[0]?.leases.held().size).toBe(30);
  });

  it("is not counted on for more, though it is not given up yet", async () => {
    const { cluster, servers, pass } = await stage(3);
    servers[0]?.machine.stop();
    await pass(6000);
    servers[1]?.close();
    await pass(1500);
    expect(loadsOf(cluster)).toEqual([20]);
  });

  it("for 30 s holds nothing by its own clock before anything else has run, and is given work again", async () => {
    const { cluster, servers, pass } = await stage(3);
    const [still] = servers;
    const lease = [...(still?.leases.held().values() ?? [])][0];
    still?.machine.stop();
    await pass(7000 - 2600);
    expect(still?.leases.held().size).toBe(10);
    await pass(30_000 - 4400);
    expect(still?.leases.held().size).toBe(0);
    expect(lease !== undefined && still?.leases.isHeld(lease)).toBe(false);
    still?.machine.resume();
    expect(still?.leases.held().size).toBe(0);
    await pass(1500);
    expect(still?.touched.size).toBe(0);
    await pass(30_000);
    expect(loadsOf(cluster)).toEqual([10, 10, 10]);
    expect(cluster.faults).toEqual([]);
  });
});

describe("a server that takes nothing", () => {
  it("does not make nodes go to and fro", async () => {
    const { cluster, pass, changes } = await stage(2);
    const late = cluster.join(nodes);
    late.line.isLate = true;
    const before = changes();
    await pass(50_000);
    expect(loadsOf(cluster).reduce((sum, load) => sum + load)).toBe(30);
    expect(changes() - before).toBeLessThanOrEqual(10);
  });
});

describe("the database away for 20 s", () => {
  it("lets nobody rob another, and every server has its nodes again soon after", async () => {
    const { cluster, servers, pass, changes } = await stage(3);
    const before = changes();
    const owners = servers.map(({ leases }) => [...leases.held().keys()]);
    cluster.table.isDown = true;
    await pass(20_000);
    expect(loadsOf(cluster)).toEqual([]);
    expect(servers.map(({ leases }) => leases.held().size)).toEqual([0, 0, 0]);
    cluster.table.isDown = false;
    await pass(7500);
    expect(servers.map(({ leases }) => [...leases.held().keys()].toSorted())).toEqual(
      owners.map((nodes) => nodes.toSorted()),
    );
    await pass(20_000);
    expect(changes()).toBe(before);
    expect(cluster.faults).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    "again and again: who reaches it by chance does not rob who does not (%i)",
    async (seed) => {
      const { cluster, pass, changes } = await stage(3, seed);
      const before = changes();
      for (let time = 0; time < 15; time += 1) {
        cluster.table.isDown = true;
        await pass(3200);
        cluster.table.isDown = false;
        await pass(800);
      }
      await pass(15_000);
      expect(changes()).toBe(before);
      expect(loadsOf(cluster)).toEqual([10, 10, 10]);
      expect(cluster.faults).toEqual([]);
    },
  );

  it("is told once, and so is its end", async () => {
    const { log, lines } = tellingLog();
    const cluster = createCluster(seededRandom(5));
    cluster.join(nodes, { log });
    await cluster.time.pass(5000);
    cluster.table.isDown = true;
    await cluster.time.pass(20_000);
    cluster.table.isDown = false;
    await cluster.time.pass(10_000);
    expect(lines.map(([level, fields]) => [level, Object.keys(fields).join()])).toEqual([
      ["warn", "reason"],
      ["warn", "nodes"],
      ["info", "outageMs"],
    ]);
  });
});

describe("a node that is a server's by name alone", () => {
  it("is set free for whose turn it is", async () => {
    const { cluster, servers, pass } = await stage(2);
    const [one, other] = servers;
    const [node = ""] = other?.leases.held().keys() ?? [];
    if (one !== undefined) void cluster.table.connect(one.line).take(node, cluster.table.leases.get(node));
    await pass(100);
    expect(cluster.table.leases.get(node)?.owner).toBe(one?.id);
    await pass(6000);
    expect(other?.leases.held().has(node)).toBe(true);
    expect(cluster.faults).toEqual([]);
  });
});

describe("a server that alone does not reach the database", () => {
  it("lets go of its nodes before another takes them over", async () => {
    const { cluster, servers, pass } = await stage(2);
    const [cut] = servers;
    if (cut !== undefined) cut.line.isCut = true;
    await pass(9000);
    expect([cut?.leases.held().size, cut?.touched.size]).toEqual([0, 0]);
    await pass(11_000);
    expect(servers[1]?.leases.held().size).toBe(30);
    expect(cluster.faults).toEqual([]);
  });

  it("does not keep them from the other though what it sends still arrives", async () => {
    const { cluster, servers, pass } = await stage(2, 4);
    const [deaf] = servers;
    if (deaf !== undefined) deaf.line.isDeaf = true;
    await pass(25_000);
    expect([deaf?.leases.held().size, servers[1]?.leases.held().size]).toEqual([0, 30]);
    expect(cluster.faults).toEqual([]);
  });
});
