/** SSH clients for the simulator's own tests: ssh2 in process, and OpenSSH's. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { ClientChannel, ConnectConfig } from "ssh2";
import ssh2 from "ssh2";
import type { SimulatedHost, Simulator } from "./types.ts";

export interface RunOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Null: the channel ended without one. */
  readonly exitCode: number | null;
}

export interface TestClient extends AsyncDisposable {
  readonly client: ssh2.Client;
  /** Runs a command line; `stdin` is sent and ended. Rejects when no channel opens. */
  exec(command: string, stdin?: string): Promise<RunOutput>;
  /** A whole script on the stdin of `sh -s`. */
  sh(script: string): Promise<RunOutput>;
  open(command: string): Promise<ClientChannel>;
}

export async function connect(
  host: SimulatedHost,
  simulator: Simulator,
  more: ConnectConfig = {},
): Promise<TestClient> {
  const client = await connectClient({
    host: "127.0.0.1",
    port: host.port,
    username: "root",
    privateKey: readFileSync(simulator.privateKeyPath),
    ...more,
  });
  const open = (command: string): Promise<ClientChannel> =>
    new Promise((resolve, reject) => {
      client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
    });
  // Whoever listens later than in the callback itself may miss the exit code of a quick command.
  const exec = (command: string, stdin = ""): Promise<RunOutput> =>
    new Promise((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        channel.end(stdin);
        whenClosed(channel, resolve);
      });
    });
  return {
    client,
    open,
    exec,
    sh: (script) => exec("sh -s", script),
    [Symbol.asyncDispose]: async () => {
      client.end();
      await Promise.resolve();
    },
  };
}

/** Resolves when logged in. */
export function connectClient(config: ConnectConfig): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.on("ready", () => resolve(client));
    client.on("error", reject);
    client.on("close", () => reject(new Error("closed before it was ready")));
    client.connect(config);
  });
}

export function collect(channel: ClientChannel): Promise<RunOutput> {
  return new Promise((resolve) => whenClosed(channel, resolve));
}

function whenClosed(channel: ClientChannel, done: (output: RunOutput) => void): void {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let exitCode: number | null = null;
  channel.on("data", (chunk: Buffer) => out.push(chunk));
  channel.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  channel.on("exit", (code: number | null) => {
    exitCode = code;
  });
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");
  channel.on("close", () => done({ stdout: text(out), stderr: text(err), exitCode }));
}

export const opensshPath = "/usr/bin/ssh";
export const hasOpenssh = existsSync(opensshPath);

/** OpenSSH's client, with the simulator's key unless `options` say otherwise. */
export function openssh(host: SimulatedHost, keyPath: string, words: readonly string[]): Promise<RunOutput> {
  const settings = [
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "IdentitiesOnly=yes",
    "LogLevel=ERROR",
    "BatchMode=yes",
  ];
  const child = spawn(opensshPath, [
    "-F",
    "none",
    "-p",
    String(host.port),
    "-i",
    keyPath,
    ...settings.flatMap((each) => ["-o", each]),
    ...words,
  ]);
  child.stdin.end();
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  return new Promise((resolve) => {
    child.on("close", (exitCode) => resolve({ stdout, stderr, exitCode }));
  });
}

/** Looks again until it holds, for ten seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never held: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
