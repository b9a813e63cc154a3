import type { Credentials, HostKeyPolicy, Secret } from "../config.ts";
import { fingerprint, line, truth, variableName } from "./checks.ts";
import type { Fields } from "./fields.ts";
import { inspectIdentity } from "./identity.ts";
import { absolutePath, type Environment } from "./paths.ts";
import { createSecret } from "./secret.ts";

export interface Surroundings {
  readonly env: Environment;
  /** Where relative paths start: the folder of hosts.yml. */
  readonly folder: string;
  /** Nothing outside of the file is looked at for a node that is switched off. */
  readonly disabled: boolean;
  readonly notice: (text: string) => void;
}

const path = line(4096);

/** Faults are reported through `fields`. */
export async function readCredentials(fields: Fields, around: Surroundings): Promise<Credentials> {
  const identity = fields.read("identity_file_path", path);
  const identityFilePath = identity === undefined ? undefined : absolutePath(identity, around.folder, around.env);
  const password = readSecret("password_env", fields, around);
  const passphrase = readSecret("passphrase_env", fields, around);
  if (!fields.has("identity_file_path") && !fields.has("password_env") && !around.disabled) {
    fields.refuse("identity_file_path", "a private key file here, or a password through password_env");
  }
  if (fields.has("passphrase_env") && !fields.has("identity_file_path")) {
    fields.refuse("passphrase_env", "an identity_file_path beside it: a passphrase opens a key file");
  }
  if (identityFilePath !== undefined && !around.disabled) await checkIdentity(identityFilePath, fields, around);
  return { identityFilePath, passphrase, password };
}

async function checkIdentity(file: string, fields: Fields, { notice }: Surroundings): Promise<void> {
  const { fault, encrypted, type } = await inspectIdentity(file);
  if (fault !== undefined) fields.refuse("identity_file_path", fault);
  if (encrypted === true && !fields.has("passphrase_env")) {
    fields.refuse("passphrase_env", "the variable that holds the passphrase, for this key file is encrypted");
  }
  if (type === "ssh-ed25519") {
    notice(
      `${file} is an ed25519 key, which ESXi 8 refuses as it is delivered: RSA of 3072 bits or ECDSA P-256 works.`,
    );
  }
}

function readSecret(key: string, fields: Fields, { env, disabled }: Surroundings): Secret | undefined {
  const name = fields.read(key, variableName);
  if (name === undefined) return undefined;
  const text = env[name] ?? "";
  if (text === "" && !disabled) fields.refuse(key, "a variable that is set in this process's environment");
  return text === "" ? undefined : createSecret(text);
}

/** Pins decide where there are any; else known_hosts does, the user's own by default. */
export function readHostKeyPolicy(fields: Fields, { env, folder }: Omit<Surroundings, "disabled">): HostKeyPolicy {
  const pins = [...new Set(fields.list("host_key", fingerprint))];
  const given = fields.read("known_hosts_path", path);
  const trustOnFirstUse = fields.read("trust_on_first_use", truth) ?? false;
  const usual = fields.has("host_key") ? undefined : "~/.ssh/known_hosts";
  const chosen = given ?? usual;
  return {
    pins,
    knownHostsPath: chosen === undefined ? undefined : absolutePath(chosen, folder, env),
    trustOnFirstUse,
  };
}
