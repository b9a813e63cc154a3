/**
 * Which host key is the right one. ssh2 accepts any key unless a verifier says no, so there is one place that judges.
 *
 * Pins in hosts.yml decide alone; without pins the known_hosts file does; where neither knows the host, a key that was
 * kept at its first use does.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { NodeConfig } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { nodeTitle } from "./failures.ts";
import { type KnownHosts, keyTypeOf, knownHostsLine, parseKnownHosts } from "./known-hosts.ts";

/** Port: the keys of one node that were accepted at their first use, as `SHA256:…`. */
export interface TrustedHostKeys {
  read(): Promise<readonly string[]>;
  add(fingerprint: string): Promise<void>;
}

/** What is trusted at the moment of a connection. */
export interface HostKeyRules {
  /** `SHA256:…` of every right key. Empty: the host is not known yet. */
  readonly fingerprints: readonly string[];
  readonly revoked: readonly string[];
  /** The types of the right keys where they are known; a bare fingerprint does not tell. */
  readonly types: readonly string[];
  /** Where they come from, for messages. */
  readonly source: string;
  readonly trustOnFirstUse: boolean;
}

export type HostKeyVerdict = "trusted" | "first-use" | "unknown" | "mismatch" | "revoked";

/** `SHA256:` and base64 without padding, as OpenSSH and Host Client print it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/**
 * Reads hosts.yml's pins, or the known_hosts file anew, so that a line added is seen at the next connection.
 * @throws AppError HOST_KEY_UNKNOWN when the known_hosts file is there and can't be read
 */
export async function loadHostKeyRules(config: NodeConfig, kept: TrustedHostKeys): Promise<HostKeyRules> {
  const { pins, knownHostsPath, trustOnFirstUse } = config.hostKey;
  const rules = { revoked: [], types: [], trustOnFirstUse };
  if (pins.length > 0) return { ...rules, fingerprints: pins.map(withoutPadding), source: "host_key in hosts.yml" };
  const known = await readKnownHosts(config);
  const revoked = known.revoked.map(({ key }) => fingerprintOf(key));
  if (known.keys.length > 0) {
    const fingerprints = known.keys.map(({ key }) => fingerprintOf(key));
    const types = [...new Set(known.keys.map(({ type }) => type))];
    return { ...rules, fingerprints, revoked, types, source: knownHostsPath ?? "" };
  }
  const fingerprints = trustOnFirstUse ? await kept.read() : [];
  return { ...rules, fingerprints, revoked, source: "the first connection" };
}

export function judgeHostKey(rules: HostKeyRules, key: Buffer): HostKeyVerdict {
  const fingerprint = fingerprintOf(key);
  if (rules.revoked.includes(fingerprint)) return "revoked";
  if (rules.fingerprints.includes(fingerprint)) return "trusted";
  if (rules.fingerprints.length > 0) return "mismatch";
  return rules.trustOnFirstUse ? "first-use" : "unknown";
}

export function hostKeyUnknown(config: NodeConfig, key: Buffer): AppError {
  const fingerprint = fingerprintOf(key);
  const { knownHostsPath } = config.hostKey;
  const line = knownHostsLine(config, key);
  const orKnownHosts = knownHostsPath === undefined ? "" : ` (or this line to ${knownHostsPath}: ${line})`;
  return new AppError(
    "HOST_KEY_UNKNOWN",
    `${nodeTitle(config)} shows an SSH host key that is not known yet: ${keyTypeOf(key)} ${fingerprint}. ` +
      `Nothing was sent to it. Compare the fingerprint with the host's own (at its console: ssh-keygen -lf on the ` +
      `.pub files in /etc/ssh); if it is the same, add this line to "${config.name}" in hosts.yml: ` +
      `host_key: ${fingerprint}${orKnownHosts}`,
  );
}

/** `shown`: every key that the host showed, one for each type that it was asked for. */
export function hostKeyMismatch(config: NodeConfig, rules: HostKeyRules, shown: readonly Buffer[]): AppError {
  const keys = shown.map((key) => `${keyTypeOf(key)} ${fingerprintOf(key)}`).join(", ");
  const asLine = shown[0] === undefined ? "" : ` as host_key: ${fingerprintOf(shown[0])}`;
  return new AppError(
    "HOST_KEY_MISMATCH",
    `${nodeTitle(config)} shows another SSH host key than the one trusted. Expected (${rules.source}): ` +
      `${rules.fingerprints.join(", ")}. Shown: ${keys}. Nothing was sent to it. Either the host was installed anew ` +
      `or its keys were made anew, or another machine answers under its address. Find out which; if the new key is ` +
      `right, put it in place of the old one${asLine}.`,
  );
}

export function hostKeyRevoked(config: NodeConfig, rules: HostKeyRules, key: Buffer): AppError {
  return new AppError(
    "HOST_KEY_MISMATCH",
    `${nodeTitle(config)} shows the SSH host key ${keyTypeOf(key)} ${fingerprintOf(key)}, which ` +
      `${config.hostKey.knownHostsPath ?? rules.source} marks as revoked. Nothing was sent to it. Make new host keys ` +
      `on the host, then add the new one to hosts.yml as host_key.`,
  );
}

async function readKnownHosts(config: NodeConfig): Promise<KnownHosts> {
  const path = config.hostKey.knownHostsPath;
  if (path === undefined) return { keys: [], revoked: [] };
  try {
    return parseKnownHosts(await readFile(path, "utf8"), config);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { keys: [], revoked: [] };
    throw new AppError(
      "HOST_KEY_UNKNOWN",
      `${nodeTitle(config)} was not contacted: its known_hosts file ${path} can't be read ` +
        `(${error instanceof Error ? error.message : "unknown fault"}). Make it readable for the user who runs ECoMan.`,
      { cause: error },
    );
  }
}

function withoutPadding(pin: string): string {
  return pin.replace(/=+$/, "");
}
