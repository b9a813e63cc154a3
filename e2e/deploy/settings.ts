/** What the server makes of the variables that a container or a unit gives it. */
import { type EnvironmentReading, readEnvironment } from "../../server/config/environment.ts";
import { parseHosts } from "../../server/config/hosts.ts";
import { defaultsOf } from "../../server/config/read.ts";
import { variableNames } from "../../server/config/variables.ts";
import type { Config } from "../../server/config.ts";

export type Variables = Readonly<Record<string, string>>;

/** Read by Node and its packages. */
const others = ["NODE_ENV"];

/** The names that nothing reads: neither the server, nor hosts.yml in `password_env` and `passphrase_env`. */
export function strangers(env: Variables, hostsYml = ""): string[] {
  const secrets = [...hostsYml.matchAll(/(?:password|passphrase)_env: (\w+)/g)].map(([, name = ""]) => name);
  const known = [...variableNames, ...others, ...secrets];
  return Object.keys(env).filter((name) => !known.includes(name));
}

/** As the server reads it. @throws where it would refuse to start */
export async function settingsOf(env: Variables): Promise<EnvironmentReading["values"]> {
  const { values, faults } = await readEnvironment(env, "/");
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return values;
}

/** The faults of a hosts.yml but that the key files are not here. */
export async function hostsFaults(text: string, path: string, env: Variables): Promise<string[]> {
  const vmThresholds: Config["vmThresholds"] = { cpu: 5, ramMb: 8192, storageGb: 50 };
  const read = parseHosts(path, text, { env, defaults: defaultsOf({ vmThresholds }) });
  const faults = await read.then(
    () => [],
    (thrown: { faults: readonly { key: string }[] }) => thrown.faults,
  );
  return faults.map(({ key }) => key).filter((key) => !key.endsWith(".identity_file_path"));
}

/** A server drains within 30 s; what ends it by force must wait longer than that. */
export const drainSeconds = 30;
