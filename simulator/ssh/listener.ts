/** The host's side of the wire: listening, connections, host keys, and the faults that concern them. */
import type { Socket, Server as TcpServer } from "node:net";
import { createServer } from "node:net";
import ssh2 from "ssh2";
import type { FaultList } from "../faults.ts";
import type { LoginJudge } from "./auth.ts";
import type { ChannelHost } from "./channel-sink.ts";
import { serveChannels } from "./channels.ts";
import type { Gate } from "./gate.ts";
import { createGate } from "./gate.ts";
import type { HostKeys } from "./keys.ts";
import { makeHostKeys } from "./keys.ts";

export interface Listener {
  readonly port: () => number;
  readonly keys: () => HostKeys;
  readonly changeKeys: () => void;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly halfOpen: (on: boolean) => void;
  readonly dropAll: () => void;
  readonly connections: () => { readonly total: number; readonly open: number };
}

export interface ListenerOptions {
  readonly host: ChannelHost;
  readonly faults: FaultList;
  readonly logins: LoginJudge;
  /** 0: any free one, kept over stop and start. */
  readonly port: number;
}

/** What sshd of ESXi 8 offers: no curve25519, AES only, no ssh-rsa signatures. */
const algorithms = {
  kex: [
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha256",
  ],
  cipher: ["aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr", "aes192-ctr", "aes128-ctr"],
  serverHostKey: ["rsa-sha2-512", "rsa-sha2-256", "ecdsa-sha2-nistp256"],
} as const;

export function createListener({ host, faults, logins, port }: ListenerOptions): Listener {
  const gates = new Set<Gate>();
  let keys = makeHostKeys();
  let strangers: HostKeys | undefined;
  let server: TcpServer | undefined;
  let boundPort = port;
  let total = 0;
  let allHeld = false;
  const event = { host: host.name, line: null };

  const accept = (socket: Socket): void => {
    total += 1;
    if (faults.take(["refuse"], event) !== undefined) return void socket.resetAndDestroy();
    const gate = createGate(socket);
    gates.add(gate);
    socket.on("close", () => gates.delete(gate));
    gate.hold(allHeld || faults.take(["half-open"], event) !== undefined);
    greet(gate);
  };

  const greet = (gate: Gate): void => {
    if (faults.take(["wrong-host-key"], event) !== undefined) strangers ??= makeHostKeys();
    else strangers = undefined;
    const refuseAll = faults.take(["auth-failure"], event) !== undefined;
    const maxSessions = faults.take(["max-sessions-1"], event) === undefined ? host.maxSessions : 1;
    const connection = new ssh2.Server({
      hostKeys: [...(strangers ?? keys).privateKeys],
      ident: "OpenSSH_9.1",
      keepaliveInterval: 0,
      algorithms: {
        kex: [...algorithms.kex],
        cipher: [...algorithms.cipher],
        serverHostKey: [...algorithms.serverHostKey],
      },
    });
    connection.on("error", () => undefined);
    connection.on("connection", (client) => {
      client.on("error", () => undefined);
      client.on("authentication", (context) => logins.judge(context, refuseAll));
      client.on("ready", () => serveChannels(client, { ...host, maxSessions, drop: gate.cutSoon }));
    });
    connection.injectSocket(gate.stream as Socket);
  };

  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server = createServer(accept);
      server.once("error", reject);
      server.listen(boundPort, "127.0.0.1", () => {
        const address = server?.address();
        if (typeof address === "object" && address !== null) boundPort = address.port;
        resolve();
      });
    });
  const dropAll = (): void => {
    for (const gate of gates) gate.cut();
  };
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      const closing = server;
      server = undefined;
      if (closing === undefined) return resolve();
      closing.close(() => resolve());
      dropAll();
    });

  return {
    start,
    stop,
    dropAll,
    port: () => boundPort,
    keys: () => keys,
    changeKeys: () => {
      keys = makeHostKeys();
    },
    halfOpen: (on) => {
      allHeld = on;
      for (const gate of gates) gate.hold(on);
    },
    connections: () => ({ total, open: gates.size }),
  };
}
