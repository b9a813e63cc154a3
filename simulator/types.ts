/** What a started simulator offers: its hosts, and what can be done to each. */
import type { Action, EsxiVersion, Faults } from "./words.ts";
import type { HostControl, HostdRestart } from "./world/control.ts";

export type * from "./words.ts";
export type { HostControl, HostdRestart } from "./world/control.ts";
export type { MountState } from "./world/vm.ts";

/** What came over the wire so far. */
export interface SshCounts {
  readonly connections: number;
  readonly openConnections: number;
  readonly loginsAccepted: number;
  /** Failed attempts as sshd counts them; the question with `none` is not one. */
  readonly loginsRefused: number;
  readonly channels: number;
}

export interface HostRestart {
  /** No connection for so long. Default 0. */
  readonly downMs?: number;
  /** How hostd begins after that. Default: whole at once. */
  readonly hostd?: HostdRestart;
}

export interface SimulatedHost extends HostControl {
  readonly name: string;
  readonly version: EsxiVersion;
  readonly address: "127.0.0.1";
  readonly port: number;
  readonly username: "root";
  readonly password: string;
  readonly labels: readonly string[];
  /** `SHA256:…` of its RSA and its ECDSA key; new ones after `changeHostKey`. */
  hostKeyFingerprints(): readonly string[];
  /** Gives it other host keys, for connections from now on. */
  changeHostKey(): void;
  /** Refuses TCP and ends all connections, until `start`. Powered-on VMs go on. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** While on, connections stay open and nothing flows, keepalives included; new ones are accepted by TCP alone. */
  halfOpen(on: boolean): void;
  /** Ends every connection, as a network fault would; new ones are welcome. */
  dropConnections(): void;
  /**
   * Loses power and comes back: connections end, scripts and their jobs stop where they are, /tmp is empty, VMs are off, what was
   * written and registered stays. Resolves when hostd is whole again.
   */
  restartHost(options?: HostRestart): Promise<void>;
  /** Forgets failed logins, as an administrator would. */
  unlock(): void;
  readonly faults: Faults;
  sshCounts(): SshCounts;
}

export interface Simulator {
  readonly hosts: readonly SimulatedHost[];
  host(name: string): SimulatedHost;
  /** RSA key pair that every host knows. The private key's file has mode 0600. */
  readonly privateKeyPath: string;
  /** A second pair, ECDSA nistp256, known as well. */
  readonly ecdsaKeyPath: string;
  readonly dataDir: string;
  /** Faults of all hosts. */
  readonly faults: Faults;
  /** Every command that really changed a VM, of all hosts, in order. */
  readonly actionLog: readonly Action[];
  /** Ready text of a hosts.yml for ECoMan, host keys pinned. */
  hostsYml(): string;
  close(): Promise<void>;
}
