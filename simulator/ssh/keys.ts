/** Key pairs: two for a host, as ESXi has them, and two for whoever logs in. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ParsedKey } from "ssh2";
import ssh2 from "ssh2";

export interface HostKeys {
  /** Private keys in OpenSSH's form: RSA and ECDSA nistp256. */
  readonly privateKeys: readonly string[];
  /** `SHA256:…` of each. */
  readonly fingerprints: readonly string[];
}

export function makeHostKeys(): HostKeys {
  const pairs = [
    ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 }),
    ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }),
  ];
  return {
    privateKeys: pairs.map((pair) => pair.private),
    fingerprints: pairs.map((pair) => fingerprintOf(parseKey(pair.public))),
  };
}

export function fingerprintOf(key: ParsedKey): string {
  return `SHA256:${createHash("sha256").update(key.getPublicSSH()).digest("base64").replace(/=+$/, "")}`;
}

export interface ClientKeys {
  readonly rsaPath: string;
  readonly ecdsaPath: string;
  readonly authorized: readonly ParsedKey[];
}

/** Reads the pairs from the folder, or makes them there; private files have mode 0600. */
export function clientKeys(folder: string): ClientKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const rsaPath = join(folder, "id_rsa");
  const ecdsaPath = join(folder, "id_ecdsa");
  if (!existsSync(rsaPath)) write(rsaPath, ssh2.utils.generateKeyPairSync("rsa", { bits: 3072, comment: "simulator" }));
  if (!existsSync(ecdsaPath))
    write(ecdsaPath, ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256, comment: "simulator" }));
  const authorized = [rsaPath, ecdsaPath].map((path) => parseKey(readFileSync(`${path}.pub`, "utf8")));
  return { rsaPath, ecdsaPath, authorized };
}

function write(path: string, pair: { readonly private: string; readonly public: string }): void {
  writeFileSync(path, pair.private, { mode: 0o600 });
  writeFileSync(`${path}.pub`, `${pair.public}\n`);
}

function parseKey(text: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) throw parsed;
  return parsed;
}
