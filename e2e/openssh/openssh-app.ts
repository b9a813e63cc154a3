/** The real app with one node: OpenSSH with busybox ash and the stubs. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../server/app.ts";
import { readConfig } from "../../server/config/read.ts";
import { createLogger } from "../../server/logger.ts";
import { newStorePlace } from "../harness/store-place.ts";
import type { StubVm } from "./esxi-texts.ts";
import { type OpenSsh, startOpenSsh } from "./openssh.ts";

export interface OpenSshApp {
  readonly url: string;
  readonly world: OpenSsh["world"];
  /** Everything the app logged, a JSON object each. */
  readonly logLines: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface OpenSshAppOptions {
  readonly vms: readonly StubVm[];
  readonly intervalSeconds: number;
  /** What each call of a command takes, in seconds. */
  readonly delays: Readonly<Record<string, number>>;
}

/** Resolves when it listens; the node has not been looked at by then. */
export async function startOpenSshApp({ vms, intervalSeconds, delays }: OpenSshAppOptions): Promise<OpenSshApp> {
  const openssh = await startOpenSsh();
  await openssh.world.setVms(vms);
  for (const [command, seconds] of Object.entries(delays)) await openssh.world.setDelay(command, seconds);
  const folder = await mkdtemp(join(tmpdir(), "ecoman-openssh-app-"));
  await writeFile(join(folder, "hosts.yml"), hostsYml(openssh));
  const store = await newStorePlace(folder);
  const config = await readConfig({
    env: { CRAWLER_INTERVAL: String(intervalSeconds), DATA_DIR: folder, PORT: "0", ...store.env },
    cwd: folder,
  });
  const logLines: string[] = [];
  const app = await createApp(config, { log: createLogger("debug", { write: (line) => logLines.push(line) }) });
  return {
    url: app.url,
    world: openssh.world,
    logLines,
    async [Symbol.asyncDispose]() {
      await app.close(1_000);
      await openssh.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function hostsYml({ address, port, username, userKeys, hostKeys }: OpenSsh): string {
  const node = {
    addr: address,
    port,
    username,
    identity_file_path: userKeys.ecdsa.path,
    host_key: [hostKeys.ecdsa.fingerprint, hostKeys.rsa.fingerprint],
  };
  // JSON is YAML.
  return JSON.stringify({ esx1: node });
}
