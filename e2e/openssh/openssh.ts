/**
 * A real OpenSSH server on 127.0.0.1 whose every command runs in busybox ash inside a root that looks like ESXi.
 * It is the judge of every script: what fails here would fail on a host.
 *
 *     const openssh = await startOpenSsh();
 *     await openssh.world.setVms([{ vmid: 1, name: "web", power: "on" }]);
 *     ... createKeptShell({ config: openssh.nodeConfig(), ... }) ...
 *     expect(await openssh.calls()).toEqual(...)
 *     await openssh.close();
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { NodeConfig } from "../../server/config.ts";
import { buildEsxiRoot, writeForcedCommand } from "./esxi-root.ts";
import { type KeyPair, makeKey } from "./keys.ts";
import { whatIsMissing } from "./missing.ts";
import { nodeConfigFor } from "./node-config.ts";
import { sshdConfig } from "./sshd-config.ts";
import { type Call, createWorld, type StubWorld } from "./world.ts";

export interface OpenSshOptions {
  /** Channels that one connection may have. Default 10, as OpenSSH's; hardened ESXi hosts have 1. */
  readonly maxSessions?: number;
  /** Which host keys it has. Default both, as ESXi. */
  readonly hostKeys?: readonly ("rsa" | "ecdsa")[];
  /** Further lines of sshd_config. */
  readonly extraConfig?: readonly string[];
}

export interface OpenSsh {
  readonly address: "127.0.0.1";
  readonly port: number;
  readonly username: string;
  /** Of the host. */
  readonly hostKeys: Readonly<Record<"rsa" | "ecdsa", KeyPair>>;
  /** User keys that may log in; ed25519 is listed and refused, as ESXi does. `locked` is ECDSA with `passphrase`. */
  readonly userKeys: Readonly<Record<"rsa" | "ecdsa" | "ed25519" | "locked", KeyPair>>;
  readonly passphrase: string;
  /** A key that the host does not know. */
  readonly strangeKey: KeyPair;
  readonly world: StubWorld;
  /** Every call of vim-cmd, esxcli, localcli and vmware so far, in order. */
  calls(): Promise<readonly Call[]>;
  /** A node that logs in here with its ECDSA key and has the right pins, but for what is given. */
  nodeConfig(overrides?: Partial<NodeConfig>): NodeConfig;
  /** What sshd logged, at level VERBOSE. */
  sshdLog(): Promise<string>;
  close(): Promise<void>;
}

/** Rejects with the reason where whatIsMissing() names one. */
export async function startOpenSsh(options: OpenSshOptions = {}): Promise<OpenSsh> {
  const missing = whatIsMissing();
  if (missing !== undefined) throw new Error(`No OpenSSH to test with: ${missing}`);
  const folder = await mkdtemp(join(tmpdir(), "ecoman-openssh-"));
  await chmod(folder, 0o755);
  const root = join(folder, "root");
  await buildEsxiRoot(root);
  await writeForcedCommand(root, join(folder, "forced-command"));
  const passphrase = "open sesame";
  const key = (name: string, type: "rsa" | "ecdsa" | "ed25519", phrase = ""): Promise<KeyPair> =>
    makeKey({ type, path: join(folder, name), passphrase: phrase });
  const [hostRsa, hostEcdsa, rsa, ecdsa, ed25519, locked, strangeKey] = await Promise.all([
    key("host_rsa", "rsa"),
    key("host_ecdsa", "ecdsa"),
    key("user_rsa", "rsa"),
    key("user_ecdsa", "ecdsa"),
    key("user_ed25519", "ed25519"),
    key("user_locked", "ecdsa", passphrase),
    key("strange", "ecdsa"),
  ]);
  const hostKeys = { rsa: hostRsa, ecdsa: hostEcdsa };
  const userKeys = { rsa, ecdsa, ed25519, locked };
  const authorized = Object.values(userKeys).map((pair) => `${pair.publicKey}\n`);
  await writeFile(join(folder, "authorized_keys"), authorized.join(""), { mode: 0o600 });
  const world = await createWorld(root);
  const port = await freePort();
  const used = options.hostKeys ?? ["rsa", "ecdsa"];
  const config = sshdConfig({
    folder,
    port,
    hostKeyPaths: used.map((name) => hostKeys[name].path),
    maxSessions: options.maxSessions ?? 10,
    extra: options.extraConfig ?? [],
  });
  const sshd = await startSshd(folder, config, port);
  const openssh = {
    address: "127.0.0.1",
    port,
    username: userInfo().username,
    hostKeys,
    userKeys,
    passphrase,
  } as const;
  return {
    ...openssh,
    strangeKey,
    world,
    calls: () => world.calls(),
    nodeConfig: (overrides) =>
      nodeConfigFor(
        { ...openssh, identityFilePath: ecdsa.path, pins: used.map((name) => hostKeys[name].fingerprint) },
        overrides,
      ),
    sshdLog: () => readFile(join(folder, "sshd.log"), "utf8"),
    async close() {
      await end(sshd);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function startSshd(folder: string, config: string, port: number): Promise<ChildProcess> {
  await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const path = join(folder, "sshd_config");
  const log = join(folder, "sshd.log");
  await writeFile(path, config);
  const logFile = openSync(log, "a");
  const sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", path], { stdio: ["ignore", "ignore", logFile] });
  closeSync(logFile);
  for (let tries = 0; tries < 200; tries++) {
    if (await answers(port)) return sshd;
    if (sshd.exitCode !== null) break;
    await delay(50);
  }
  await end(sshd);
  throw new Error(`sshd did not start: ${await readFile(log, "utf8")}`);
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port });
  const connected = await Promise.race([
    once(socket, "data").then(() => true),
    once(socket, "error").then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return connected;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function end(sshd: ChildProcess): Promise<void> {
  if (sshd.exitCode !== null || sshd.signalCode !== null) return;
  sshd.kill("SIGTERM");
  await once(sshd, "exit");
}
