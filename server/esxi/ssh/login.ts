/** Who we are to a host: read from hosts.yml and the key file before anything is sent. */
import { scrypt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import ssh2, { type ParsedKey } from "ssh2";
import type { NodeConfig, Secret } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { nodeTitle, plainMessage } from "./failures.ts";

export interface Login {
  readonly username: string;
  readonly key: ParsedKey | undefined;
  readonly password: Secret | undefined;
  /** Tells one set of credentials from another, and nothing about them. */
  readonly credentialsHash: string;
}

const deriveKey = promisify<string, string, number, Buffer>(scrypt);

/**
 * Reads a node's login anew at each call, so that a new key file is seen. The hash is made again only when the
 * credentials changed: it is slow on purpose, because it is stored.
 */
export function createLoginReader(config: NodeConfig): () => Promise<Login> {
  let last: { readonly material: string; readonly hash: string } | undefined;

  /** @throws AppError AUTH_FAILED when there is nothing to log in with, or the key can't be used; the host isn't asked */
  return async () => {
    const { identityFilePath, passphrase, password } = config.credentials;
    const text = identityFilePath === undefined ? undefined : await readKeyFile(config, identityFilePath);
    const key = text === undefined ? undefined : parseKey(config, text);
    if (key === undefined && password === undefined) {
      throw unusable(config, "hosts.yml gives neither identity_file_path nor password_env", "Add one of them.");
    }
    const material = JSON.stringify([config.username, text, passphrase?.reveal(), password?.reveal()]);
    if (last?.material !== material) last = { material, hash: await hashCredentials(config, material) };
    return { username: config.username, key, password, credentialsHash: last.hash };
  };
}

/** Salted with the node's name; 16 MiB and some 50 ms each, so that a stored hash is no cheap way to a password. */
async function hashCredentials(config: NodeConfig, material: string): Promise<string> {
  const hash = await deriveKey(material, `ecoman login of ${config.name}`, 32);
  return `scrypt:${hash.toString("base64")}`;
}

async function readKeyFile(config: NodeConfig, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? plainMessage(error) : "unknown fault";
    throw unusable(
      config,
      `its key file can't be read (${reason})`,
      "Check identity_file_path in hosts.yml and the file's permissions.",
    );
  }
}

function parseKey(config: NodeConfig, text: string): ParsedKey {
  const passphrase = config.credentials.passphrase?.reveal();
  const parsed: ParsedKey | readonly ParsedKey[] | Error = ssh2.utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  const path = config.credentials.identityFilePath;
  if (key instanceof Error) {
    const needsPassphrase = passphrase === undefined && /no passphrase given/.test(key.message);
    const next = needsPassphrase
      ? "The key has a passphrase: name the environment variable that holds it as passphrase_env in hosts.yml."
      : "Check the passphrase, or write the key anew in OpenSSH's form: ssh-keygen -p -f FILE.";
    throw unusable(config, `its key file ${path} can't be used (${plainMessage(key)})`, next);
  }
  if (!key?.isPrivateKey()) {
    throw unusable(config, `its key file ${path} holds no private key`, "Name the private key, not the .pub file.");
  }
  return key;
}

function unusable(config: NodeConfig, what: string, next: string): AppError {
  return new AppError("AUTH_FAILED", `${nodeTitle(config)} was not contacted: ${what}. ${next}`);
}
