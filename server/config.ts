/** What the rest of the server needs to know from outside: one frozen value, read once (hosts.yml again when it changes). */
import type { CreationDefaults, NodeName, NodeThresholds, VmThresholds } from "./model.ts";

export interface Config {
  /** Absolute path of hosts.yml. */
  readonly hostsPath: string;
  readonly nodes: readonly NodeConfig[];
  readonly crawlIntervalMs: number;
  readonly vmThresholds: VmThresholds;
  readonly host: string;
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Undefined: the embedded store in `dataDir`. */
  readonly mongo: MongoConfig | undefined;
  readonly logLevel: string;
  /** Undefined: no sign-in, loopback only. */
  readonly token: Secret | undefined;
  /** Host names (with port where not the default) under which the server may be addressed, besides loopback's. */
  readonly allowedHosts: readonly string[];
  readonly tls: { readonly certPath: string; readonly keyPath: string } | undefined;
  /** Things worth telling that are no faults, such as a variable that has no effect any more. */
  readonly notices: readonly string[];
}

export interface MongoConfig {
  /** The whole connection string, credentials included. */
  readonly url: Secret;
  /** Never one of MongoDB's own. The account is looked up where `url` says, not here. */
  readonly dbName: string;
  /** `url` without credentials and options, for logs: `mongodb://db1:27017,db2`. */
  readonly shown: string;
  /** The one in `url`, decoded, for the log to hide. */
  readonly password: Secret | undefined;
}

export interface NodeConfig {
  readonly name: NodeName;
  readonly address: string;
  /** Default 22. */
  readonly port: number;
  readonly username: string;
  readonly credentials: Credentials;
  readonly hostKey: HostKeyPolicy;
  readonly labels: readonly string[];
  readonly disabled: boolean;
  readonly defaults: CreationDefaults;
  readonly vmThresholds: VmThresholds;
  readonly nodeThresholds: NodeThresholds;
}

export interface Credentials {
  /** Absolute. */
  readonly identityFilePath: string | undefined;
  readonly passphrase: Secret | undefined;
  readonly password: Secret | undefined;
}

export interface HostKeyPolicy {
  /** `SHA256:…` each; empty: known_hosts decides. */
  readonly pins: readonly string[];
  /** Absolute; read at each connection, so that a line added is seen. */
  readonly knownHostsPath: string | undefined;
  /** Accept an unknown key the first time and keep it. Default false. */
  readonly trustOnFirstUse: boolean;
}

/** A string that no logger, JSON or template prints; `reveal` is the only way to it. */
export interface Secret {
  reveal(): string;
}
