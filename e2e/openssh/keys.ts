/** SSH keys made by ssh-keygen for one test. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export type KeyType = "rsa" | "ecdsa" | "ed25519";

export interface KeyPair {
  /** Path of the private key; the public one is beside it with `.pub`. */
  readonly path: string;
  /** `type base64`. */
  readonly publicKey: string;
  /** `SHA256:…`. */
  readonly fingerprint: string;
}

export interface KeyOptions {
  readonly type: KeyType;
  readonly path: string;
  readonly passphrase?: string;
}

const bits: Record<KeyType, readonly string[]> = { rsa: ["-b", "2048"], ecdsa: ["-b", "256"], ed25519: [] };

export async function makeKey({ type, path, passphrase = "" }: KeyOptions): Promise<KeyPair> {
  await run("ssh-keygen", ["-q", "-t", type, ...bits[type], "-N", passphrase, "-C", "", "-f", path]);
  const [name = "", base64 = ""] = (await readFile(`${path}.pub`, "utf8")).trim().split(" ");
  const digest = createHash("sha256").update(Buffer.from(base64, "base64")).digest("base64");
  return { path, publicKey: `${name} ${base64}`, fingerprint: `SHA256:${digest.replace(/=+$/, "")}` };
}
