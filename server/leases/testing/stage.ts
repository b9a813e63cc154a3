/** Servers that have started together, and what a test asks of them. */
import { type Cluster, createCluster, nodeNames, type Server, seededRandom } from "./cluster.ts";
import { createWatch } from "./watch-cluster.ts";

export interface Stage {
  readonly cluster: Cluster;
  readonly servers: readonly Server[];
  readonly pass: (ms: number) => Promise<void>;
  /** Changes of hands so far. */
  readonly changes: () => number;
}

export const thirtyNodes = nodeNames(30);

/** They look after thirty nodes, and have had five seconds. */
export async function stage(count: number, seed = 1): Promise<Stage> {
  const cluster = createCluster(seededRandom(seed));
  const watch = createWatch(cluster);
  const servers = Array.from({ length: count }, () => cluster.join(thirtyNodes));
  const pass = (ms: number): Promise<void> => cluster.time.pass(ms, watch);
  await pass(5000);
  return { cluster, servers, pass, changes: () => sum([...cluster.table.leases.values()].map(({ fence }) => fence)) };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
