/** The nodes of hosts.yml, each with its driver. Crawler and tasks share them, so that a node has one connection. */
import { isDeepStrictEqual } from "node:util";
import type { NodeConfig } from "./config.ts";
import type { NodeDriver } from "./esxi/driver.ts";
import type { NodeName } from "./model.ts";

export interface FleetNode {
  readonly config: NodeConfig;
  readonly driver: NodeDriver;
}

export interface Fleet {
  nodes(): readonly FleetNode[];
  node(name: NodeName): FleetNode | undefined;
  /** Takes the new list: unchanged nodes keep their driver and connection, the others get a new one. */
  setNodes(configs: readonly NodeConfig[]): void;
  /** Ends the connection to a node that another server looks after from now on; what still waits there for an answer fails. */
  letGo(name: NodeName): Promise<void>;
  close(): Promise<void>;
}

export function createFleet(openDriver: (config: NodeConfig) => NodeDriver): Fleet {
  let members = new Map<NodeName, FleetNode>();
  const closing = new Set<Promise<void>>();

  function retire(member: FleetNode): Promise<void> {
    const done = member.driver.close().finally(() => closing.delete(done));
    closing.add(done);
    return done;
  }

  return {
    nodes: () => [...members.values()],
    node: (name) => members.get(name),
    setNodes(configs) {
      const next = new Map<NodeName, FleetNode>();
      for (const config of configs) {
        const known = members.get(config.name);
        const keep = known !== undefined && isDeepStrictEqual(known.config, config);
        next.set(config.name, keep ? known : { config, driver: openDriver(config) });
      }
      for (const [name, member] of members) if (next.get(name) !== member) void retire(member);
      members = next;
    },
    async letGo(name) {
      const member = members.get(name);
      if (member === undefined) return;
      // The old driver is closed for good; the new one connects when it is first used, and tells commands without that.
      members.set(name, { config: member.config, driver: openDriver(member.config) });
      await retire(member);
    },
    async close() {
      for (const member of members.values()) void retire(member);
      members = new Map();
      await Promise.allSettled(closing);
    },
  };
}
