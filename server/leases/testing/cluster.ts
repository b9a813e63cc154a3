/** Several servers on machines of their own before one false database, and what they do with their nodes. */
import type { Log } from "../../log.ts";
import { silentLog } from "../../log.ts";
import type { NodeName } from "../../model.ts";
import type { Lease } from "../../store/leases.ts";
import type { LeaseLimits, Leases } from "../leases.ts";
import { createSharedLeases } from "../shared-leases.ts";
import { createLeaseTable, type LeaseTable, type Line } from "./lease-table.ts";
import { createMachine, createVirtualTime, type Machine, type VirtualTime } from "./virtual-time.ts";

export interface Server {
  readonly id: string;
  readonly leases: Leases;
  readonly machine: Machine;
  readonly line: Line;
  /** What it works on: from onHeld until letGo is done. */
  readonly touched: ReadonlyMap<NodeName, Lease>;
  nodes: readonly NodeName[];
  isClosing: boolean;
  setNodes(names: readonly NodeName[]): void;
  /** As SIGTERM has it. */
  close(): void;
}

export interface Cluster {
  readonly time: VirtualTime;
  readonly table: LeaseTable;
  /** Those that run, are stopped, or died. */
  readonly servers: readonly Server[];
  readonly busy: Set<NodeName>;
  /** Nodes that are never let go of. */
  readonly stuck: Set<NodeName>;
  /** The nodes in the store. */
  readonly stored: Set<NodeName>;
  /** What must never happen, as it happened. */
  readonly faults: string[];
  join(nodes: readonly NodeName[], options?: JoinOptions): Server;
}

export interface JoinOptions {
  readonly log?: Log;
  /** Of its clock. Default: within two percent. */
  readonly rate?: number;
  readonly limits?: Partial<LeaseLimits>;
}

/** How long a server needs to let go of a node, in ms. */
const letGoMs = 1000;

export function createCluster(random: () => number): Cluster {
  const time = createVirtualTime();
  const table = createLeaseTable(time, random);
  const servers: Server[] = [];
  const newest = new Map<NodeName, { readonly fence: number; readonly id: string }>();
  const cluster: Cluster = {
    time,
    table,
    servers,
    busy: new Set(),
    stuck: new Set(),
    stored: new Set(),
    faults: [],
    join,
  };

  function fault(text: string): void {
    cluster.faults.push(`${(time.now() / 1000).toFixed(3)} s: ${text}`);
  }

  function join(nodes: readonly NodeName[], { log = silentLog, rate, limits }: JoinOptions = {}): Server {
    const id = `${String.fromCharCode(97 + Math.floor(random() * 26))}${servers.length}`;
    const machine = createMachine({ time, rate: rate ?? 0.98 + random() * 0.04, random });
    const line: Line = { self: id, machine, isCut: false, isDeaf: false, isLate: false };
    const touched = new Map<NodeName, Lease>();

    function onHeld(lease: Lease): void {
      const { node, fence } = lease;
      const before = newest.get(node);
      if (server.isClosing) fault(`${id} is given ${node} as it closes`);
      if (touched.has(node)) fault(`${id} is given ${node} before it let go of it`);
      if (before !== undefined && (before.id === id ? fence < before.fence : fence <= before.fence))
        fault(`${id} holds ${node} under ${fence} after ${before.id} under ${before.fence}`);
      newest.set(node, { fence, id });
      touched.set(node, lease);
      cluster.stored.add(node);
    }

    async function letGo(node: NodeName): Promise<void> {
      const lease = touched.get(node);
      if (lease === undefined) return fault(`${id} is to let go of ${node}, which it was not given`);
      if (leases.isHeld(lease)) fault(`${id} lets go of ${node} and holds it`);
      if (cluster.stuck.has(node)) await Promise.withResolvers<void>().promise;
      await machine.clock.sleep(random() * letGoMs);
      touched.delete(node);
    }

    async function removeOrphan({ node }: Lease): Promise<void> {
      await machine.clock.sleep(random() * 100);
      cluster.stored.delete(node);
    }

    const store = table.connect(line);
    const leases = createSharedLeases({
      store: {
        ...store,
        take(node, seen) {
          if (!table.servers.has(id)) fault(`${id} takes ${node} before it is known`);
          return store.take(node, seen);
        },
        release(lease) {
          if (touched.has(lease.node) && !cluster.stuck.has(lease.node))
            fault(`${id} releases ${lease.node} before it let go of it`);
          return store.release(lease);
        },
      },
      caretaker: {
        onHeld,
        letGo,
        removeOrphan,
        isBusy: (node) => cluster.busy.has(node),
        storedNodes: () => [...cluster.stored],
      },
      clock: machine.clock,
      log,
      limits,
    });
    const server: Server = {
      id,
      leases,
      machine,
      line,
      touched,
      nodes,
      isClosing: false,
      setNodes(names) {
        if (machine.state !== "running") return;
        server.nodes = names;
        void leases.setNodes(names);
      },
      close() {
        machine.deliver(() => {
          server.isClosing = true;
          touched.clear();
          void leases.close();
        });
      },
    };
    servers.push(server);
    void leases.setNodes(nodes);
    return server;
  }

  return cluster;
}

/** Those that can do their work now, as far as they are concerned. */
export function capable({ servers, table }: Cluster): readonly Server[] {
  return servers.filter(
    ({ machine, line, isClosing }) =>
      machine.state === "running" && !line.isCut && !line.isDeaf && !table.isDown && !isClosing,
  );
}

/** node → who holds it now. Faults where two do. */
export function holders({ servers }: Cluster): ReadonlyMap<NodeName, readonly Server[]> {
  const held = new Map<NodeName, Server[]>();
  for (const server of servers) {
    if (server.machine.state === "dead") continue;
    for (const node of server.leases.held().keys()) held.set(node, [...(held.get(node) ?? []), server]);
  }
  return held;
}

export function loadsOf(cluster: Cluster): readonly number[] {
  return capable(cluster).map(({ leases }) => leases.held().size);
}

export function nodeNames(count: number): readonly NodeName[] {
  return Array.from({ length: count }, (_, index) => `esx${String(index + 1).padStart(2, "0")}`);
}

/** The same numbers from the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
