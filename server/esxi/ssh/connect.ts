/** Makes a node's connection: reads what is trusted, asks for the right kind of host key, logs in once. */
import type { Clock } from "../../clock.ts";
import type { NodeConfig } from "../../config.ts";
import type { Log } from "../../log.ts";
import type { Connection } from "./connection.ts";
import { unreachable } from "./failures.ts";
import { type HandshakeOutcome, shakeHands } from "./handshake.ts";
import {
  fingerprintOf,
  type HostKeyRules,
  hostKeyMismatch,
  hostKeyRevoked,
  hostKeyUnknown,
  judgeHostKey,
  loadHostKeyRules,
  type TrustedHostKeys,
} from "./host-key.ts";
import { keyTypeOf } from "./known-hosts.ts";
import { createLoginReader, type Login } from "./login.ts";
import { endedAtLogin, loginFailed } from "./login-failures.ts";
import type { LoginAttempt, LoginGate } from "./login-gate.ts";
import type { Timings } from "./timings.ts";

export interface ConnectorOptions {
  readonly config: NodeConfig;
  readonly loginGate: LoginGate;
  readonly hostKeys: TrustedHostKeys;
  readonly timings: Timings;
  readonly clock: Clock;
  readonly log: Log;
}

/** ESXi hosts have an RSA and an ECDSA P-256 key (vSphere security guide, 7.0 and 8.0); the rest is for others. */
const keyTypes = ["ecdsa-sha2-nistp256", "ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];

type Ready = Extract<HandshakeOutcome, { kind: "ready" }>;
type Tried = Extract<HandshakeOutcome, { kind: "ready" | "key-rejected" | "no-such-key" }>;

/** What one attempt needs. */
interface Attempt {
  readonly login: Login;
  readonly gate: LoginAttempt;
  readonly rules: HostKeyRules;
  readonly signal: AbortSignal;
}

/**
 * The answer connects once at each call.
 * @throws AppError HOST_UNREACHABLE, AUTH_FAILED, HOST_KEY_UNKNOWN, HOST_KEY_MISMATCH; the signal's reason when aborted
 */
export function createConnector(options: ConnectorOptions): (signal: AbortSignal) => Promise<Connection> {
  const { config, loginGate, hostKeys, timings, clock, log } = options;
  const readLogin = createLoginReader(config);
  let lastKeyType: string | undefined;

  return async (signal) => {
    const started = clock.now();
    const login = await readLogin();
    const gate = await loginGate.admit(login.credentialsHash);
    const rules = await loadHostKeyRules(config, hostKeys);
    const { connection, hostKey } = await findRightKey({ login, gate, rules, signal });
    lastKeyType = keyTypeOf(hostKey);
    const durationMs = clock.now() - started;
    const fingerprint = fingerprintOf(hostKey);
    log.info({ node: config.name, address: config.address, fingerprint, durationMs }, "Connected over SSH");
    return connection;
  };

  /**
   * A host shows one of its keys, of the first type asked for that it has. Where the trusted key's type is known it is
   * asked for first and decides. A bare fingerprint does not tell its type: each type that the host has is tried in turn.
   */
  async function findRightKey(attempt: Attempt): Promise<Ready> {
    const until = performance.now() + timings.readyMs;
    const shown: Buffer[] = [];
    let types = typesToAskFor(attempt.rules);
    while (types.length > 0) {
      const outcome = await tryTypes(attempt, types, until - performance.now());
      if (outcome.kind === "ready") return outcome;
      if (outcome.kind === "no-such-key") break;
      shown.push(outcome.hostKey);
      const verdict = judgeHostKey(attempt.rules, outcome.hostKey);
      if (verdict === "unknown") throw hostKeyUnknown(config, outcome.hostKey);
      if (verdict === "revoked") throw hostKeyRevoked(config, attempt.rules, outcome.hostKey);
      if (attempt.rules.types.length > 0) break;
      types = types.filter((type) => type !== keyTypeOf(outcome.hostKey));
    }
    if (shown.length > 0) throw hostKeyMismatch(config, attempt.rules, shown);
    throw unreachable(
      config,
      "the SSH handshake",
      new Error(`the host has no key of the types ${keyTypes.join(", ")}`),
    );
  }

  async function tryTypes(attempt: Attempt, types: readonly string[], budgetMs: number): Promise<Tried> {
    const { login, gate, rules, signal } = attempt;
    const acceptsKey = (key: Buffer): boolean => ["trusted", "first-use"].includes(judgeHostKey(rules, key));
    const outcome = await shakeHands({
      config,
      login,
      keyTypes: types,
      acceptsKey,
      timings,
      budgetMs,
      signal,
      beforeSending: async (method) => gate.sending(method !== "publickey"),
    });
    if (outcome.kind === "login-failed") {
      if (outcome.failure.kind === "refused") await gate.refused();
      throw loginFailed(config, login, outcome.failure);
    }
    if (outcome.kind === "broken") {
      if (!outcome.sent || !outcome.byHost) throw unreachable(config, "the SSH handshake", outcome.error);
      await gate.refused();
      throw endedAtLogin(config, login, outcome.error);
    }
    if (outcome.kind === "ready") await settle(attempt, outcome);
    return outcome;
  }

  async function settle({ gate, rules }: Attempt, { connection, hostKey }: Ready): Promise<void> {
    try {
      await gate.accepted();
      await keepFirstKey(rules, hostKey);
    } catch (error) {
      connection.destroy({ kind: "closed", error: new Error("the login could not be recorded") });
      throw error;
    }
  }

  /** Only after the handshake: a key that is merely shown proves nothing. */
  async function keepFirstKey(rules: HostKeyRules, hostKey: Buffer): Promise<void> {
    if (judgeHostKey(rules, hostKey) !== "first-use") return;
    const fingerprint = fingerprintOf(hostKey);
    await hostKeys.add(fingerprint);
    log.warn({ node: config.name, fingerprint }, "Accepted this host key at the first connection, unverified");
  }

  function typesToAskFor(rules: HostKeyRules): readonly string[] {
    const first = rules.types.length > 0 ? rules.types : lastKeyType === undefined ? [] : [lastKeyType];
    const supported = first.filter((type) => keyTypes.includes(type));
    return [...new Set([...supported, ...keyTypes])];
  }
}
