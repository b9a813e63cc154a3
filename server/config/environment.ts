import type { Config } from "../config.ts";
import {
  type Check,
  decimalNumber,
  hostHeader,
  isLoopback,
  line,
  networkAddress,
  oneOf,
  token,
  wholeNumber,
} from "./checks.ts";
import { type ConfigFault, hideValue, showValue } from "./faults.ts";
import { readMongo } from "./mongo.ts";
import { absolutePath, type Environment } from "./paths.ts";
import { foreignVariables } from "./retired.ts";
import { createSecret } from "./secret.ts";
import { readTls } from "./tls.ts";
import { type VariableName, variables } from "./variables.ts";

export interface EnvironmentReading {
  /** What has faults holds its default here, so that hosts.yml can be read all the same. */
  readonly values: Omit<Config, "nodes" | "notices">;
  readonly notices: readonly string[];
  readonly faults: readonly ConfigFault[];
}

const amount = decimalNumber(1, 1_000_000_000);
const path = line(4096);

/** An empty variable counts as one that is not set. Relative paths start at `cwd`. */
export async function readEnvironment(env: Environment, cwd: string): Promise<EnvironmentReading> {
  const notices = foreignVariables(env);
  const faults: ConfigFault[] = [];
  const given = (name: VariableName) => env[name]?.trim() || undefined;
  const refuse = (name: VariableName, expected: string) =>
    void faults.push(environmentFault(name, given(name), expected));

  function read<T>(name: VariableName, check: Check<T>): T | undefined {
    const text = given(name) ?? variables[name].usual;
    const parsed = text === "" ? undefined : check.parse(text);
    if (parsed === undefined && text !== "") refuse(name, check.expected);
    return parsed ?? check.parse(variables[name].usual);
  }
  const need = <T>(name: VariableName, check: Check<T>): T => {
    const value = read(name, check);
    if (value === undefined) throw new Error(`The default of ${name} does not pass its own check.`);
    return value;
  };
  const file = (name: VariableName) => absolutePath(need(name, path), cwd, env);

  const values: EnvironmentReading["values"] = {
    hostsPath: file("HOSTS_PATH"),
    crawlIntervalMs: Math.round(need("CRAWLER_INTERVAL", decimalNumber(1, 3600)) * 1000),
    vmThresholds: {
      cpu: need("DASHBOARD_THRESHOLD_CPU", wholeNumber(1, 1024)),
      ramMb: need("DASHBOARD_THRESHOLD_RAM_MB", amount),
      storageGb: need("DASHBOARD_THRESHOLD_STORAGE_GB", amount),
    },
    host: need("HOST", networkAddress),
    port: need("PORT", wholeNumber(0, 65_535)),
    dataDir: file("DATA_DIR"),
    mongo: readMongo({ env, refuse, notice: (text) => void notices.push(text) }),
    logLevel: need("LOG_LEVEL", oneOf(["debug", "info", "warn", "error", "silent"])),
    token: secretOf(read("ECOMAN_TOKEN", token)),
    allowedHosts: readAllowedHosts(given("ALLOWED_HOSTS"), (expected) => refuse("ALLOWED_HOSTS", expected)),
    tls: await readTls({
      cert: given("TLS_CERT"),
      key: given("TLS_KEY"),
      resolve: (name) => absolutePath(name, cwd, env),
      refuse,
    }),
  };
  if (!isLoopback(values.host)) {
    if (given("ECOMAN_TOKEN") === undefined) refuse("ECOMAN_TOKEN", beyondLoopback(values.host));
    if (values.tls === undefined && given("TLS_CERT") === undefined) notices.push(clearText(values.host));
    if (given("ALLOWED_HOSTS") === undefined) notices.push(namelessOn(values.host));
  }
  return { values, notices, faults };
}

export function environmentFault(name: string, text: string | undefined, expected: string): ConfigFault {
  const hidden = /TOKEN|SECRET|PASS|URL/.test(name);
  const value = text === undefined ? undefined : hidden ? hideValue(text) : showValue(text);
  return { file: undefined, line: undefined, column: undefined, key: name, value, expected };
}

function secretOf(text: string | undefined): Config["token"] {
  return text === undefined ? undefined : createSecret(text);
}

function readAllowedHosts(text: string | undefined, refuse: (expected: string) => void): readonly string[] {
  const names = (text ?? "").split(",").map((name) => name.trim());
  const parsed = names.filter((name) => name !== "").map((name) => hostHeader.parse(name));
  if (parsed.includes(undefined)) refuse(hostHeader.expected);
  return [...new Set(parsed.filter((name) => name !== undefined))];
}

function beyondLoopback(host: string): string {
  return `a token, because HOST=${host} can be reached from other machines: ${token.expected}`;
}

function clearText(host: string): string {
  return `HOST=${host} is reached without TLS: the token can be read on the wire. Set TLS_CERT and TLS_KEY, or listen on 127.0.0.1 behind a proxy (docs/operations.md).`;
}

function namelessOn(host: string): string {
  return `HOST=${host} but ALLOWED_HOSTS is empty: whoever addresses the server by another name than localhost is refused. Set it to the server's name and port, such as ecoman.lab:4000.`;
}
