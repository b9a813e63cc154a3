import type { NodeConfig } from "../config.ts";
import type { NodeThresholds, VmThresholds } from "../model.ts";
import { type Check, decimalNumber, hostPath, line, networkAddress, truth, wholeNumber } from "./checks.ts";
import { readCredentials, readHostKeyPolicy } from "./credentials.ts";
import type { MapValue, Value } from "./document.ts";
import { createFields, type Fields, refuseUnknownKeys, type Vocabulary } from "./fields.ts";
import type { Environment } from "./paths.ts";

export interface NodeDefaults {
  readonly vmThresholds: VmThresholds;
  readonly nodeThresholds: NodeThresholds;
}

export interface NodeReading {
  readonly folder: string;
  readonly env: Environment;
  readonly defaults: NodeDefaults;
  readonly report: (value: Value, expected: string) => void;
  readonly notice: (text: string) => void;
}

export const nodeWords: Vocabulary = {
  keys: [
    "addr",
    "username",
    "identity_file_path",
    "datastore_path",
    "installer_iso_path",
    "network_port_group",
    "port",
    "password_env",
    "passphrase_env",
    "host_key",
    "known_hosts_path",
    "trust_on_first_use",
    "labels",
    "disabled",
    "thresholds",
  ],
  alsoCalled: {
    address: "addr",
    host: "addr",
    hostname: "addr",
    ip: "addr",
    user: "username",
    key: "identity_file_path",
    key_file: "identity_file_path",
    private_key: "identity_file_path",
    password: "password_env",
    passphrase: "passphrase_env",
    fingerprint: "host_key",
    known_hosts: "known_hosts_path",
    datastore: "datastore_path",
    iso: "installer_iso_path",
    network: "network_port_group",
    tags: "labels",
    enabled: "disabled",
  },
};

const thresholdWords: Vocabulary = {
  keys: ["cpu", "ram_mb", "storage_gb", "cpu_ratio", "memory_percent", "storage_percent"],
  alsoCalled: { ram: "ram_mb", memory: "memory_percent", storage: "storage_gb" },
};

const nodeName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const percent = decimalNumber(1, 100);
const amount = decimalNumber(1, 1_000_000_000);

/** Undefined where something necessary is missing; every fault is reported either way. */
export async function readNode(name: string, value: Value, reading: NodeReading): Promise<NodeConfig | undefined> {
  if (!nodeName.test(name)) {
    const expected = "a node name: up to 63 letters, digits, dots, hyphens and underscores, a letter or digit first";
    reading.report({ ...value, at: value.keyAt }, expected);
  }
  if (value.kind !== "map") {
    reading.report(value, "the node's keys (addr, username, …), indented below its name");
    return undefined;
  }
  refuseUnknownKeys(value, nodeWords, reading.report);
  const fields = createFields(value, reading.report);
  const disabled = fields.read("disabled", truth) ?? false;
  const around = { ...reading, disabled, notice: (text: string) => reading.notice(`${name}: ${text}`) };
  const address = fields.need("addr", networkAddress);
  const username = fields.need("username", username64);
  const rest = {
    name,
    port: fields.read("port", wholeNumber(1, 65_535)) ?? 22,
    credentials: await readCredentials(fields, around),
    hostKey: readHostKeyPolicy(fields, around),
    labels: [...new Set(fields.list("labels", line(63)))],
    disabled,
    defaults: readCreationDefaults(fields),
    ...readThresholds(fields.map("thresholds"), reading),
  };
  return address === undefined || username === undefined ? undefined : { ...rest, address, username };
}

const username64: Check<string> = {
  parse: (text) => (/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]{0,63}$/.test(text) ? text : undefined),
  expected: "the name of an account on the host, such as root",
};

function readCreationDefaults(fields: Fields): NodeConfig["defaults"] {
  return {
    datastorePath: fields.read("datastore_path", hostPath) ?? null,
    isoPath: fields.read("installer_iso_path", hostPath) ?? null,
    portGroup: fields.read("network_port_group", line(80)) ?? null,
  };
}

function readThresholds(
  map: MapValue | undefined,
  { defaults, report }: NodeReading,
): Pick<NodeConfig, "vmThresholds" | "nodeThresholds"> {
  const { vmThresholds: vm, nodeThresholds: node } = defaults;
  if (map === undefined) return { vmThresholds: vm, nodeThresholds: node };
  refuseUnknownKeys(map, thresholdWords, report);
  const fields = createFields(map, report);
  return {
    vmThresholds: {
      cpu: fields.read("cpu", wholeNumber(1, 1024)) ?? vm.cpu,
      ramMb: fields.read("ram_mb", amount) ?? vm.ramMb,
      storageGb: fields.read("storage_gb", amount) ?? vm.storageGb,
    },
    nodeThresholds: {
      cpuRatio: fields.read("cpu_ratio", decimalNumber(0.01, 1000)) ?? node.cpuRatio,
      memoryPercent: fields.read("memory_percent", percent) ?? node.memoryPercent,
      storagePercent: fields.read("storage_percent", percent) ?? node.storagePercent,
    },
  };
}
