import type { Config, Secret } from "../config.ts";

/** Every secret that a configuration holds, for the log to hide. */
export function secretsOf({ token, mongo, nodes }: Pick<Config, "token" | "mongo" | "nodes">): readonly Secret[] {
  const credentials = nodes.flatMap((node) => [node.credentials.password, node.credentials.passphrase]);
  return [token, mongo?.url, mongo?.password, ...credentials].filter((secret) => secret !== undefined);
}
