/** What can be told of a private key file without opening it: enough to find the usual slips before a host counts them. */
import { readFile, stat } from "node:fs/promises";

export interface Identity {
  /** Undefined: a private key. Else what the file is expected to be, with what was found. */
  readonly fault: string | undefined;
  /** Undefined where the file does not say. */
  readonly encrypted: boolean | undefined;
  /** `ssh-rsa`, `ecdsa-sha2-nistp256`, `ssh-ed25519`; undefined where the file does not say. */
  readonly type: string | undefined;
}

const maxBytes = 65_536;

export async function inspectIdentity(path: string): Promise<Identity> {
  try {
    const file = await stat(path);
    if (!file.isFile()) return faulty("a private key file; this is no file");
    if (file.size > maxBytes) return faulty(`a private key file of at most ${maxBytes} bytes`);
    return identify(await readFile(path, "latin1"));
  } catch (thrown) {
    return faulty(`a private key file this process may read (${reasonOf(thrown)})`);
  }
}

/** The short word of the operating system: `ENOENT: no such file or directory`. */
export function reasonOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.split(", ")[0] ?? message;
}

function identify(text: string): Identity {
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA/m.test(text)) return faulty("the private key; this is its public half (.pub)");
  if (text.startsWith("PuTTY-User-Key-File-")) return { fault: undefined, encrypted: undefined, type: undefined };
  const armour = /-----BEGIN ((?:[A-Z]+ )*)PRIVATE KEY-----([\s\S]*?)-----END/.exec(text);
  if (armour === null) return faulty("a private key (-----BEGIN … PRIVATE KEY-----), as ssh-keygen writes it");
  const [, kind = "", body = ""] = armour;
  if (kind === "OPENSSH ") return { fault: undefined, ...readOpenSsh(Buffer.from(body, "base64")) };
  const encrypted = kind === "ENCRYPTED " || /Proc-Type: 4,ENCRYPTED/.test(body);
  return { fault: undefined, encrypted, type: { "RSA ": "ssh-rsa" }[kind] };
}

/** The clear part of OpenSSH's own format (PROTOCOL.key): magic, cipher, kdf, its options, count, public key. */
function readOpenSsh(bytes: Buffer): Pick<Identity, "encrypted" | "type"> {
  let offset = "openssh-key-v1\0".length;
  const next = (): Buffer => {
    const length = bytes.readUInt32BE(offset);
    const part = bytes.subarray(offset + 4, offset + 4 + length);
    offset += 4 + length;
    return part;
  };
  try {
    const cipher = next().toString("latin1");
    next();
    next();
    offset += 4;
    const publicKey = next();
    const type = publicKey.toString("latin1", 4, 4 + publicKey.readUInt32BE(0));
    return { encrypted: cipher !== "none", type };
  } catch {
    return { encrypted: undefined, type: undefined };
  }
}

function faulty(fault: string): Identity {
  return { fault, encrypted: undefined, type: undefined };
}
