/** For tests: a folder of its own with a hosts.yml, a key file, and an environment that knows nothing else. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Config } from "../config.ts";
import { ConfigError, type ConfigFault } from "./faults.ts";
import type { Environment } from "./paths.ts";
import { readConfig } from "./read.ts";

export interface TestFolder {
  readonly path: string;
  readonly env: Environment;
  write(name: string, text: string): Promise<string>;
  /** Reads hosts.yml of this folder with these variables besides. */
  read(env?: Environment): Promise<Config>;
  /** The faults of that reading. @throws where there are none */
  faults(env?: Environment): Promise<readonly ConfigFault[]>;
}

export async function createTestFolder(hosts: string): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), "ecoman-config-"));
  onTestFinished(async () => await rm(path, { recursive: true, force: true }));
  const folder: TestFolder = {
    path,
    env: { HOME: path },
    async write(name, text) {
      await writeFile(join(path, name), text);
      return join(path, name);
    },
    read: async (env = {}) => await readConfig({ env: { ...folder.env, ...env }, cwd: path }),
    async faults(env = {}) {
      const thrown: unknown = await folder.read(env).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (thrown instanceof ConfigError) return thrown.faults;
      throw thrown ?? new Error("The configuration was read without a fault.");
    },
  };
  await folder.write("id_test", testKey());
  await folder.write("hosts.yml", hosts);
  return folder;
}

function testKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "sec1", format: "pem" }).toString();
}
