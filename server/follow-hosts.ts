/** hosts.yml as it changes: nodes come and go without a restart; a broken edit keeps the nodes in force and says so. */

import { faultLine } from "./config/faults.ts";
import type { Environment } from "./config/paths.ts";
import { watchHosts } from "./config/watch.ts";
import type { Config, NodeConfig } from "./config.ts";
import type { Log } from "./log.ts";

export interface HostsFollower {
  /** Resolves when they are in force. */
  readonly setNodes: (nodes: readonly NodeConfig[]) => Promise<void>;
  readonly log: Log;
  /** Where hosts.yml's password_env and passphrase_env are looked up. */
  readonly env: Environment;
}

/** Resolves when the nodes that the configuration begins with are in force. */
export async function followHosts(config: Config, { setNodes, log, env }: HostsFollower): Promise<{ stop(): void }> {
  const stopping = new AbortController();
  await setNodes(config.nodes);
  let turn = Promise.resolve();
  const take = (nodes: readonly NodeConfig[]): void => {
    turn = turn
      .then(() => setNodes(nodes))
      .then(
        () => log.info({ nodes: nodes.map((node) => node.name) }, "hosts.yml changed and is in force"),
        (error: unknown) =>
          log.error({ err: error }, "hosts.yml changed but could not be put in force; restart ECoMan"),
      );
  };
  watchHosts(config, {
    onChange: take,
    onFault: (faults) =>
      log.error(
        { faults: faults.map(faultLine) },
        "hosts.yml has faults; the nodes in force stay until they are mended",
      ),
    signal: stopping.signal,
    env,
  });
  return { stop: () => stopping.abort() };
}
