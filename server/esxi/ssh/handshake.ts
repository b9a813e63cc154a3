/** One attempt: TCP, SSH handshake, host key, login. The only place that makes an ssh2 client. */
import { connect as connectTcp, type Socket } from "node:net";
import { Client, type ServerHostKeyAlgorithm } from "ssh2";
import type { NodeConfig } from "../../config.ts";
import { createAuthHandler, type LoginFailure, type LoginMethod } from "./authentication.ts";
import { type Connection, createConnection } from "./connection.ts";
import { unreachable } from "./failures.ts";
import { withSignal } from "./limits.ts";
import type { Login } from "./login.ts";
import type { Timings } from "./timings.ts";

export interface HandshakeRequest {
  readonly config: NodeConfig;
  readonly login: Login;
  /** Asked for in this order; the host gives the first that it has. */
  readonly keyTypes: readonly string[];
  /** Judges the host's key, before anything of the login is sent. */
  readonly acceptsKey: (key: Buffer) => boolean;
  /** Called before a credential is sent, which waits for it. */
  readonly beforeSending: (method: LoginMethod) => Promise<void>;
  readonly timings: Timings;
  /** How long it all may take, in ms. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
}

export type HandshakeOutcome =
  | { readonly kind: "ready"; readonly connection: Connection; readonly hostKey: Buffer }
  | { readonly kind: "key-rejected"; readonly hostKey: Buffer }
  /** The host has no key of the types asked for. */
  | { readonly kind: "no-such-key" }
  | { readonly kind: "login-failed"; readonly failure: LoginFailure }
  /** `sent`: after a credential had been sent, so that its fate is not known. `byHost`: with a word of the host. */
  | { readonly kind: "broken"; readonly error: Error; readonly sent: boolean; readonly byHost: boolean };

/** Resolves with how it went. @throws AppError HOST_UNREACHABLE without TCP; the signal's reason when that is aborted */
export async function shakeHands(request: HandshakeRequest): Promise<HandshakeOutcome> {
  const started = performance.now();
  const socket = await openSocket(request);
  const client = new Client();
  const connection = createConnection(client, socket);
  const seen: Seen = { hostKey: undefined, accepted: false, sent: false, failure: undefined };
  const ready = new Promise<"ready">((resolve) => client.once("ready", () => resolve("ready")));
  const { keepaliveMs } = request.timings;
  client.connect({
    sock: socket,
    username: request.login.username,
    readyTimeout: Math.max(1, request.budgetMs - (performance.now() - started)),
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 2,
    algorithms: { serverHostKey: request.keyTypes.flatMap(algorithmsOf) },
    hostVerifier: (key: Buffer): boolean => {
      seen.hostKey = key;
      seen.accepted = request.acceptsKey(key);
      return seen.accepted;
    },
    authHandler: createAuthHandler(request.login, {
      beforeSending: async (method) => {
        await request.beforeSending(method);
        seen.sent = true;
      },
      failed: (failure) => {
        seen.failure = failure;
        connection.destroy({ kind: "closed", error: new Error("the login failed") });
      },
    }),
  });
  try {
    await withSignal(Promise.race([ready, connection.ended]), request.signal);
  } catch (error) {
    connection.destroy({ kind: "closed", error: new Error("given up") });
    throw error;
  }
  return judge(connection, seen);
}

interface Seen {
  hostKey: Buffer | undefined;
  accepted: boolean;
  sent: boolean;
  failure: LoginFailure | undefined;
}

function judge(connection: Connection, seen: Seen): HandshakeOutcome {
  const { hostKey, failure, sent } = seen;
  if (failure !== undefined) return { kind: "login-failed", failure };
  if (hostKey !== undefined && !seen.accepted) return { kind: "key-rejected", hostKey };
  const end = connection.end();
  if (end === undefined && hostKey !== undefined) return { kind: "ready", connection, hostKey };
  const error = end?.error ?? new Error("the host showed no key");
  connection.destroy({ kind: "closed", error });
  if (/no matching host key format/.test(error.message)) return { kind: "no-such-key" };
  return { kind: "broken", error, sent, byHost: isDisconnectMessage(error) };
}

/** ssh2 puts the reason number of SSH_MSG_DISCONNECT (RFC 4253 §11.1) into `code`; sockets put a word there. */
function isDisconnectMessage(error: Error): boolean {
  return "code" in error && typeof error.code === "number";
}

async function openSocket({ config, timings, budgetMs, signal }: HandshakeRequest): Promise<Socket> {
  const socket = connectTcp({
    host: config.address,
    port: config.port,
    // With Nagle's algorithm, which ssh2 leaves on, one exec takes 175 ms on loopback instead of 3 ms.
    noDelay: true,
    autoSelectFamilyAttemptTimeout: 3_000,
  });
  const opened = new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.on("error", reject);
  });
  const timer = setTimeout(
    () => {
      socket.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" }));
    },
    Math.min(timings.tcpMs, Math.max(1, budgetMs)),
  );
  try {
    await withSignal(opened, signal);
    return socket;
  } catch (error) {
    socket.destroy();
    if (signal.aborted) throw error;
    throw unreachable(config, "the TCP connection", error instanceof Error ? error : new Error("no connection"));
  } finally {
    clearTimeout(timer);
  }
}

/** ESXi before 6.5 knows RSA host keys with SHA-1 signatures only; the key itself is what is pinned. */
function algorithmsOf(keyType: string): readonly ServerHostKeyAlgorithm[] {
  if (keyType === "ssh-rsa") return ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"];
  return [keyType as ServerHostKeyAlgorithm];
}
