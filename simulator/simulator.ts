/**
 * A fleet of false ESXi hosts behind real SSH servers on 127.0.0.1.
 *
 *     const simulator = await startSimulator({ hosts: 2, vmsPerHost: 5, delayMs: 0 });
 *     ... simulator.hosts[0] ... simulator.hostsYml() ...
 *     await simulator.close();
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCaptures } from "./captures.ts";
import { createFaultList } from "./faults.ts";
import type { HostParts } from "./host.ts";
import { startHost } from "./host.ts";
import { hostsYmlText } from "./hosts-yml.ts";
import { createRandom } from "./random.ts";
import { clientKeys } from "./ssh/keys.ts";
import type { Simulator } from "./types.ts";
import type { Action, HostOptions, SimulatorOptions } from "./words.ts";
import { startLife } from "./world/life.ts";

export type * from "./types.ts";

/** Rejects when a port is taken or `dataDir` can't be written. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? 1;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "ecoman-simulator-"));
  mkdirSync(dataDir, { recursive: true });
  const keys = clientKeys(dataDir);
  const faults = createFaultList(createRandom(seed, "faults"), options.faults);
  const actionLog: Action[] = [];
  const log = (action: Action): void => {
    actionLog.push(action);
    if (options.actionLogFile !== undefined) appendFileSync(options.actionLogFile, `${JSON.stringify(action)}\n`);
  };
  const captures = loadCaptures(options.capturesDir);
  const parts = hostList(options).map((host, index): HostParts => {
    const port = host.port ?? (options.basePort ? options.basePort + index : 0);
    return { options: host, all: options, port, faults, keys, captures, log };
  });
  const started = await Promise.all(parts.map(startHost));
  const hosts = started.map((each) => each.host);
  const life = options.lively ? startLife(started, createRandom(seed, "life")) : undefined;
  return {
    hosts,
    faults,
    actionLog,
    dataDir,
    privateKeyPath: keys.rsaPath,
    ecdsaKeyPath: keys.ecdsaPath,
    host: (name) => {
      const found = hosts.find((each) => each.name === name);
      if (found === undefined) throw new Error(`no simulated host ${name}`);
      return found;
    },
    hostsYml: () => hostsYmlText(hosts, keys.rsaPath),
    close: async () => {
      life?.stop();
      await Promise.all(hosts.map((each) => each.stop()));
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function hostList({ hosts = 3 }: SimulatorOptions): (HostOptions & { readonly name: string })[] {
  const list = typeof hosts === "number" ? Array.from({ length: hosts }, (): HostOptions => ({})) : hosts;
  const labels = [["lab"], ["lab", "gpu"], ["office"]] as const;
  return list.map((host, index) => ({
    labels: labels[index % labels.length] ?? [],
    ...host,
    name: host.name ?? `esx${String(index + 1).padStart(2, "0")}`,
  }));
}
