import type { Config, Secret } from "../config.ts";

/** Every secret that a configuration holds, for the log to hide. */
export function secretsOf({ token, nodes }: Pick<Config, "token" | "nodes">): readonly Secret[] {
  const credentials = nodes.flatMap((node) => [node.credentials.password, node.credentials.passphrase]);
  return [token, ...credentials].filter((secret) => secret !== undefined);
}
