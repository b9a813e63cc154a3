import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { Config } from "../config.ts";
import { reasonOf } from "./identity.ts";

export interface TlsFiles {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly resolve: (path: string) => string;
  readonly refuse: (name: "TLS_CERT" | "TLS_KEY", expected: string) => void;
}

/** Both files or neither; they are opened here, so that a wrong pair is found before the first client finds it. */
export async function readTls({ cert, key, resolve, refuse }: TlsFiles): Promise<Config["tls"]> {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    const [missing, other] =
      cert === undefined ? (["TLS_CERT", "TLS_KEY"] as const) : (["TLS_KEY", "TLS_CERT"] as const);
    refuse(missing, `a path, because ${other} is set: both or neither`);
    return undefined;
  }
  const open = async (name: "TLS_CERT" | "TLS_KEY", path: string): Promise<Buffer | undefined> =>
    await readFile(path).catch((thrown: unknown) => {
      refuse(name, `a PEM file this process may read (${reasonOf(thrown)})`);
      return undefined;
    });
  const files = { certPath: resolve(cert), keyPath: resolve(key) };
  const pair = { cert: await open("TLS_CERT", files.certPath), key: await open("TLS_KEY", files.keyPath) };
  if (pair.cert === undefined || pair.key === undefined) return undefined;
  try {
    createSecureContext(pair);
    return files;
  } catch (thrown) {
    refuse("TLS_CERT", `a PEM certificate and, in TLS_KEY, the private key that belongs to it (${reasonOf(thrown)})`);
    return undefined;
  }
}
