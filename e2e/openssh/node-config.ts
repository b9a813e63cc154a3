/** A NodeConfig as hosts.yml would give it, for one server of a test. */
import { inspect } from "node:util";
import type { NodeConfig, Secret } from "../../server/config.ts";

export interface NodeConfigBase {
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly identityFilePath?: string;
  readonly pins?: readonly string[];
}

export function nodeConfigFor(base: NodeConfigBase, overrides: Partial<NodeConfig> = {}): NodeConfig {
  return {
    name: "esx1",
    address: base.address,
    port: base.port,
    username: base.username,
    credentials: { identityFilePath: base.identityFilePath, passphrase: undefined, password: undefined },
    hostKey: { pins: base.pins ?? [], knownHostsPath: undefined, trustOnFirstUse: false },
    labels: [],
    disabled: false,
    defaults: { datastorePath: null, isoPath: null, portGroup: null },
    vmThresholds: { cpu: 5, ramMb: 8192, storageGb: 50 },
    nodeThresholds: { cpuRatio: 4, memoryPercent: 90, storagePercent: 85 },
    ...overrides,
  };
}

/** A secret as the configuration makes them: nothing prints it. */
export function secretOf(text: string): Secret {
  const hidden = (): string => "[secret]";
  return Object.freeze({ reveal: () => text, toString: hidden, toJSON: hidden, [inspect.custom]: hidden });
}
