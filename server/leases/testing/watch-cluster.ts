/** What must hold at every moment, whatever happens to the servers. */
import type { NodeName } from "../../model.ts";
import { type Cluster, capable, holders, type Server } from "./cluster.ts";

/** Whoever could take over a node has done so by then, in ms. */
export const longestGapMs = 20_000;

/** To be called after every event; writes what it finds to `cluster.faults`. */
export function createWatch(cluster: Cluster): () => void {
  const { time, table, faults } = cluster;
  const unheldSince = new Map<NodeName, { readonly at: number; readonly state: string }>();
  const capableSince = new Map<Server, { readonly at: number; readonly nodes: readonly NodeName[] }>();
  const justWoken = new Set<Server>();

  function fault(text: string): void {
    faults.push(`${(time.now() / 1000).toFixed(3)} s: ${text}`);
  }

  function noteCapable(): void {
    const now = new Set(capable(cluster));
    for (const server of cluster.servers) {
      if (!now.has(server)) capableSince.delete(server);
      else if (capableSince.get(server)?.nodes !== server.nodes)
        capableSince.set(server, { at: time.now(), nodes: server.nodes });
    }
  }

  /** A machine that wakes finds itself at work on what is another's by now: it asks isHeld before it does anything. */
  function findTouching(): void {
    const touching = new Map<NodeName, string>();
    for (const server of cluster.servers) {
      if (server.machine.state === "stopped") justWoken.add(server);
      if (server.machine.state !== "running") continue;
      if ([...server.touched.values()].every((lease) => server.leases.isHeld(lease))) justWoken.delete(server);
      if (justWoken.has(server)) continue;
      for (const node of server.touched.keys()) {
        const other = touching.get(node);
        if (other !== undefined) fault(`${other} and ${server.id} work on ${node}`);
        touching.set(node, server.id);
      }
    }
  }

  function findGaps(held: ReadonlyMap<NodeName, readonly Server[]>): void {
    const wanted = [...capableSince.values()].flatMap(({ nodes }) => nodes);
    for (const node of new Set(wanted)) {
      const state = stateOf(node);
      const gap = unheldSince.get(node);
      if (held.has(node)) unheldSince.delete(node);
      else if (gap?.state !== state) unheldSince.set(node, { at: time.now(), state });
      else findIdle(node, gap.at);
    }
  }

  /** Who has it by name, and since when he could do something about it: a second blow at him is a second death. */
  function stateOf(node: NodeName): string {
    const lease = table.leases.get(node);
    const owner = cluster.servers.find(({ id }) => id === lease?.owner);
    return `${lease?.fence} ${lease?.owner} ${owner && capableSince.get(owner)?.at}`;
  }

  function findIdle(node: NodeName, since: number): void {
    for (const [server, { at, nodes }] of capableSince) {
      const idleMs = time.now() - Math.max(at, since);
      if (idleMs <= longestGapMs || !nodes.includes(node)) continue;
      fault(`nobody has ${node} for ${idleMs} ms, though ${server.id} could`);
      unheldSince.delete(node);
    }
  }

  return () => {
    const held = holders(cluster);
    for (const [node, servers] of held)
      if (servers.length > 1) fault(`${servers.map(({ id }) => id).join(" and ")} hold ${node}`);
    noteCapable();
    findTouching();
    findGaps(held);
  };
}
