/** A node of hosts.yml, for tests. */
import type { NodeConfig } from "../../config.ts";
import type { NodeMemory } from "../memory.ts";
import { type ObserveContext, observe } from "../observe.ts";
import { configured } from "../unobserved.ts";
import { type FakeHost, type Glance, observationOf } from "./fake-host.ts";

export function nodeConfig(name: string, rest: Partial<NodeConfig> = {}): NodeConfig {
  return {
    name,
    address: "192.0.2.1",
    port: 22,
    username: "root",
    credentials: { identityFilePath: "/key", passphrase: undefined, password: undefined },
    hostKey: { pins: [], knownHostsPath: undefined, trustOnFirstUse: false },
    labels: [],
    disabled: false,
    defaults: { datastorePath: null, isoPath: null, portGroup: null },
    vmThresholds: { cpu: 5, ramMb: 8192, storageGb: 50 },
    nodeThresholds: { cpuRatio: 4, memoryPercent: 90, storagePercent: 90 },
    ...rest,
  };
}

export const context: ObserveContext = { config: nodeConfig("esx1"), phase: "scan", durationMs: 1 };

/** What is known of esx1 before it was ever looked at. */
export function unknownNode(): NodeMemory {
  return configured(undefined, context.config, "2026-01-01T00:00:00.000Z");
}

/** A look at the host: everything about it, unless `glance` says otherwise. */
export function lookAt(memory: NodeMemory, host: FakeHost, glance: Glance): NodeMemory {
  return observe(memory, observationOf(host, glance), context);
}
