/** One server alone, on a store that it shares with nobody: it looks after all nodes there are, from start to end. */
import type { NodeName } from "./model.ts";
import type { Lease } from "./store/leases.ts";

export interface SoleHolder {
  /** Takes the nodes of hosts.yml that are not held yet; resolves when they are looked after. @throws what `hold` throws */
  setNodes(nodes: readonly NodeName[]): Promise<void>;
}

export interface SoleHolderOptions {
  readonly hold: (lease: Lease) => Promise<void>;
  /** Nodes that may have left hosts.yml, of which something is still on record. */
  readonly leftovers: readonly NodeName[];
}

export function createSoleHolder({ hold, leftovers }: SoleHolderOptions): SoleHolder {
  const held = new Set<NodeName>();
  return {
    async setNodes(nodes) {
      const fresh = [...new Set([...leftovers, ...nodes])].filter((node) => !held.has(node));
      for (const node of fresh) held.add(node);
      await Promise.all(fresh.map((node) => hold({ node, fence: 0 })));
    },
  };
}
