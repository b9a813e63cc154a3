/** The known_hosts format of OpenSSH (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"), as far as host keys go: no certificates. */
import { createHmac } from "node:crypto";

export interface HostAddress {
  readonly address: string;
  readonly port: number;
}

export interface KnownKey {
  /** `ssh-rsa`, `ecdsa-sha2-nistp256` and the like. */
  readonly type: string;
  /** The key as it travels in the handshake. */
  readonly key: Buffer;
}

export interface KnownHosts {
  /** The keys that the file lists for this host, in the file's order. */
  readonly keys: readonly KnownKey[];
  /** The keys that the file marks `@revoked` for this host. */
  readonly revoked: readonly KnownKey[];
}

/** Reads what a known_hosts file says of one host. Lines that can't be read, and certificate authorities, say nothing. */
export function parseKnownHosts(text: string, host: HostAddress): KnownHosts {
  const name = nameInKnownHosts(host);
  const lines = text.split(/\r?\n/).flatMap((line) => parseLine(line, name));
  return {
    keys: lines.filter((line) => !line.revoked).map(({ type, key }) => ({ type, key })),
    revoked: lines.filter((line) => line.revoked).map(({ type, key }) => ({ type, key })),
  };
}

/** The line that makes a key known. */
export function knownHostsLine(host: HostAddress, key: Buffer): string {
  return `${nameInKnownHosts(host)} ${keyTypeOf(key)} ${key.toString("base64")}`;
}

/** The type that a key names itself; "unknown" when it is malformed. */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return "unknown";
  const end = 4 + key.readUInt32BE(0);
  return end <= key.length ? key.toString("latin1", 4, end) : "unknown";
}

function nameInKnownHosts({ address, port }: HostAddress): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

interface Line extends KnownKey {
  readonly revoked: boolean;
}

function parseLine(line: string, name: string): readonly Line[] {
  const trimmed = line.trim();
  if (trimmed === "" || trimmed.startsWith("#")) return [];
  const words = trimmed.split(/[ \t]+/);
  const marker = trimmed.startsWith("@") ? words.shift() : undefined;
  const [patterns = "", type = "", base64 = ""] = words;
  if (marker !== undefined && marker !== "@revoked") return [];
  const key = Buffer.from(base64, "base64");
  if (keyTypeOf(key) !== type || !namesHost(patterns, name)) return [];
  return [{ type, key, revoked: marker === "@revoked" }];
}

function namesHost(patterns: string, name: string): boolean {
  if (patterns.startsWith("|")) return isHashOf(patterns, name);
  const all = patterns.toLowerCase().split(",");
  const denied = all.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  return !denied.some((pattern) => matches(pattern, name)) && all.some((pattern) => matches(pattern, name));
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed with the salt. */
function isHashOf(hashed: string, name: string): boolean {
  const [, version, salt = "", hash = ""] = hashed.split("|");
  if (version !== "1") return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

function matches(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(name);
}
