/** How a node of hosts.yml becomes a driver: SSH, with what the store remembers of logins and host keys behind it. */
import type { Clock } from "./clock.ts";
import type { NodeConfig } from "./config.ts";
import type { NodeDriver } from "./esxi/driver.ts";
import { createEsxiDriver } from "./esxi/esxi-driver.ts";
import { createKeptShell } from "./esxi/ssh/kept-shell.ts";
import { createLoginGate } from "./esxi/ssh/login-gate.ts";
import type { Logger } from "./logger.ts";
import type { NodeName } from "./model.ts";
import type { InventoryStore } from "./store/store.ts";

export interface NodeOpenerOptions {
  readonly store: Pick<InventoryStore, "loginRefusal" | "saveLoginRefusal" | "trustedHostKeys" | "trustHostKey">;
  readonly clock: Clock;
  readonly log: Logger;
  /** May this server speak to the node at this moment? Asked before each connection and each script. */
  readonly mayTouch: (node: NodeName) => boolean;
}

export function createNodeOpener({
  store,
  clock,
  log,
  mayTouch,
}: NodeOpenerOptions): (config: NodeConfig) => NodeDriver {
  return (config) => {
    const node = config.name;
    const { password, passphrase } = config.credentials;
    log.hide([password, passphrase].filter((secret) => secret !== undefined));
    const refusals = {
      read: () => store.loginRefusal(node),
      write: (refusal: Parameters<typeof store.saveLoginRefusal>[1]) => store.saveLoginRefusal(node, refusal),
    };
    const hostKeys = {
      read: () => store.trustedHostKeys(node),
      add: (fingerprint: string) => store.trustHostKey(node, fingerprint),
    };
    const loginGate = createLoginGate({ node, refusals, clock });
    const shell = createKeptShell({ config, loginGate, hostKeys, clock, log, mayRun: () => mayTouch(node) });
    return createEsxiDriver({ shell, clock, node });
  };
}
