/** One server alone, on a store that it shares with nobody: it looks after all nodes there are, from start to end. */
import type { NodeName } from "./model.ts";
import type { Lease } from "./store/leases.ts";

export interface SoleHolder {
  /** Takes the nodes of hosts.yml, and removes what left it; resolves when that is done. @throws what the options throw */
  setNodes(nodes: readonly NodeName[]): Promise<void>;
}

export interface SoleHolderOptions {
  /** Default: one for a store that knows of no others. */
  readonly leaseOf?: (node: NodeName) => Promise<Lease>;
  readonly hold: (lease: Lease) => Promise<void>;
  readonly removeOrphan: (node: NodeName) => Promise<void>;
  /** Nodes of which something is still on record although they may have left hosts.yml. */
  readonly leftovers: readonly NodeName[];
}

export function createSoleHolder(options: SoleHolderOptions): SoleHolder {
  const { leaseOf = async (node) => ({ node, fence: 0 }), hold, removeOrphan, leftovers } = options;
  const held = new Set<NodeName>();
  let listed: readonly NodeName[] = leftovers;
  return {
    async setNodes(nodes) {
      const fresh = [...new Set([...listed, ...nodes])].filter((node) => !held.has(node));
      for (const node of fresh) held.add(node);
      await Promise.all(fresh.map(async (node) => hold(await leaseOf(node))));
      const orphans = new Set(listed.filter((node) => !nodes.includes(node)));
      listed = nodes;
      await Promise.all([...orphans].map(removeOrphan));
    },
  };
}
