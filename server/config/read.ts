import type { Config } from "../config.ts";
import { readEnvironment } from "./environment.ts";
import { ConfigError, type ConfigFault } from "./faults.ts";
import { freeze } from "./freeze.ts";
import { type Hosts, type HostsSurroundings, readHosts } from "./hosts.ts";
import type { Environment } from "./paths.ts";
import { defaultNodeThresholds } from "./thresholds.ts";

export interface ConfigSources {
  readonly env: Environment;
  /** Where relative paths of the environment start. Absolute. */
  readonly cwd: string;
}

/** Environment and hosts.yml as one frozen value. @throws ConfigError that holds every fault of both */
export async function readConfig({ env, cwd }: ConfigSources): Promise<Config> {
  const { values, notices, faults } = await readEnvironment(env, cwd);
  const hosts = await tryHosts(values.hostsPath, { env, defaults: defaultsOf(values) });
  const all = [...faults, ...hosts.faults];
  if (all.length > 0) throw new ConfigError(all);
  return freeze({ ...values, nodes: hosts.nodes, notices: [...notices, ...hosts.notices] });
}

export interface StoreConfig extends Pick<Config, "dataDir" | "mongo"> {
  readonly notices: readonly string[];
}

/** Only what says where the data are: hosts.yml need not be there, and nothing else need be right. @throws ConfigError */
export async function readStoreConfig({ env, cwd }: ConfigSources): Promise<StoreConfig> {
  const { values, notices, faults } = await readEnvironment(env, cwd);
  const own = faults.filter(({ key }) => isAboutStore(key));
  if (own.length > 0) throw new ConfigError(own);
  const { dataDir, mongo } = values;
  return freeze({ dataDir, mongo, notices: notices.filter(isAboutStore) });
}

/** The name of a variable, or a notice that begins with it. */
function isAboutStore(text: string): boolean {
  return /^(MONGO_|DATA_DIR\b)/.test(text);
}

export function defaultsOf({ vmThresholds }: Pick<Config, "vmThresholds">): HostsSurroundings["defaults"] {
  return { vmThresholds, nodeThresholds: defaultNodeThresholds };
}

async function tryHosts(path: string, around: HostsSurroundings): Promise<Hosts & { faults: readonly ConfigFault[] }> {
  try {
    return { ...(await readHosts(path, around)), faults: [] };
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return { nodes: [], notices: [], faults: thrown.faults };
  }
}
