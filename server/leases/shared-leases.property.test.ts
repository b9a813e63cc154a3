/** Servers that die, hang, lose the database, come and go at random, with clocks that run unevenly. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Cluster,
  capable,
  createCluster,
  loadsOf,
  nodeNames,
  type Server,
  seededRandom,
} from "./testing/cluster.ts";
import { createWatch } from "./testing/watch-cluster.ts";

const nodes = nodeNames(13);
/** LEASE_RUNS=500 for a long evening. */
const runs = Number(process.env["LEASE_RUNS"] ?? 20);

const blow = fc.record({
  kind: fc.constantFrom("kill", "stop", "cut", "deaf", "down", "close", "join", "list", "busy", "refuse"),
  /** Which of those that are there. */
  who: fc.nat(9),
  forMs: fc.integer({ min: 100, max: 40_000 }),
  /** Until the next. */
  afterMs: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 20_000 })),
});

type Blow = typeof blow extends fc.Arbitrary<infer Value> ? Value : never;

function strike(cluster: Cluster, { kind, who, forMs }: Blow): void {
  const there = cluster.servers.filter(({ machine, isClosing }) => machine.state !== "dead" && !isClosing);
  const server = there[who % there.length];
  if (kind === "join" && there.length < 6) cluster.join(nodes);
  if (kind === "busy") flip(cluster.busy, nodes[who]);
  if (kind === "down") {
    cluster.table.isDown = true;
    cluster.time.after(forMs, () => (cluster.table.isDown = false));
  }
  const refused = cluster.table.leases.get(nodes[who] ?? "");
  if (kind === "refuse" && refused !== undefined) cluster.table.refuse(refused);
  if (server !== undefined) strikeServer(cluster, server, { kind, who, forMs });
}

function strikeServer({ time }: Cluster, server: Server, { kind, who, forMs }: Omit<Blow, "afterMs">): void {
  const { machine, line } = server;
  if (kind === "kill") machine.kill();
  if (kind === "close") server.close();
  if (kind === "list")
    server.setNodes(server.nodes === nodes ? nodes.filter((_, index) => index % 3 !== who % 3) : nodes);
  if (kind === "stop") {
    machine.stop();
    time.after(forMs, () => machine.resume());
  }
  if (kind === "cut") {
    line.isCut = true;
    time.after(forMs, () => (line.isCut = false));
  }
  if (kind === "deaf") {
    line.isDeaf = true;
    time.after(forMs, () => (line.isDeaf = false));
  }
}

function flip<T>(set: Set<T>, value: T | undefined): void {
  if (value !== undefined && !set.delete(value)) set.add(value);
}

it("never have two holders of a node, nor none for long, whatever befalls them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(blow, { minLength: 1, maxLength: 25 }), fc.integer(), async (blows, seed) => {
      const cluster = createCluster(seededRandom(seed));
      const watch = createWatch(cluster);
      for (const _ of [1, 2, 3]) cluster.join(nodes);
      await cluster.time.pass(5000, watch);
      for (const blow of blows) {
        strike(cluster, blow);
        await cluster.time.pass(blow.afterMs, watch);
      }
      expect(cluster.faults).toEqual([]);
      await comeToRest(cluster, watch);
    }),
    // A blow less makes another run of it, so shrinking would take long and lead nowhere.
    { numRuns: runs, endOnFailure: true },
  );
}, 120_000);

/** As even as can be within three minutes after the last blow, and still from then on. */
async function comeToRest(cluster: Cluster, watch: () => void): Promise<void> {
  await cluster.time.pass(40_000, watch);
  cluster.busy.clear();
  cluster.join(nodes);
  for (const server of capable(cluster)) server.setNodes(nodes);
  await cluster.time.pass(140_000, watch);
  const loads = loadsOf(cluster);
  expect(loads.reduce((sum, load) => sum + load, 0)).toBe(nodes.length);
  expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
  const before = [...cluster.table.leases.values()].map(({ node, fence }) => ({ node, fence }));
  await cluster.time.pass(60_000, watch);
  expect([...cluster.table.leases.values()].map(({ node, fence }) => ({ node, fence }))).toEqual(before);
  expect(cluster.faults).toEqual([]);
}
