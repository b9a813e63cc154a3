/**
 * The whole server, part by part in the order they need each other: this is its table of contents.
 *
 *     ESXi ──ssh──▶ fleet's drivers ──▶ crawler ──▶ store ──▶ inventory ──▶ schema ──▶ http
 *                        ▲── tasks ◀──────────────────────────────────────── mutations ◀─┘
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Viewer } from "./auth/viewer.ts";
import { createCaretaker } from "./caretaker.ts";
import { type Clock, systemClock, timestampOf } from "./clock.ts";
import type { Environment } from "./config/paths.ts";
import { defaultNodeThresholds } from "./config/thresholds.ts";
import type { Config } from "./config.ts";
import { createCrawler } from "./crawler/crawler.ts";
import { createFleet } from "./fleet.ts";
import { followHosts } from "./follow-hosts.ts";
import { createHttpServer } from "./http/server.ts";
import { createInventory } from "./inventory/inventory-view.ts";
import type { Inventory } from "./inventory.ts";
import type { Logger } from "./logger.ts";
import type { NodeName } from "./model.ts";
import { createNodeOpener } from "./node-opener.ts";
import { openStore } from "./open-store.ts";
import { buildSchema, createContext, type ServerInfo } from "./schema/index.ts";
import { createSoleHolder } from "./sole-holder.ts";
import { listenFailure } from "./start-failure.ts";
import type { Lease, LeaseStore } from "./store/leases.ts";
import type { InventoryStore } from "./store/store.ts";
import { createTasks } from "./tasks/create-tasks.ts";
import type { Deadlines } from "./tasks/deadlines.ts";
import { unfinishedTasks } from "./tasks/recovery.ts";

export interface App {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Resolves when every node has been looked at once, whatever came of it. */
  ready(): Promise<void>;
  vmCount(): number;
  readonly inventory: Pick<Inventory, "vms">;
  /**
   * Ends in order: no new requests and tasks, those under way may end within `graceMs`, then the crawl stops and the
   * store is closed.
   */
  close(graceMs: number): Promise<void>;
}

export interface AppOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Where the secrets are that hosts.yml names, when it changes. Default: the process's environment. */
  readonly env?: Environment;
  /** How long work is watched. */
  readonly deadlines?: Deadlines;
  /** Default: where `npm run build` puts the web client. Absolute. */
  readonly clientFolder?: string;
}

const builtClient = join(import.meta.dirname, "../client/dist");

/** Rejects with an AppError when the data folder can't be used, with a ConfigError when the address can't be listened on. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, clock = systemClock, env = process.env, deadlines, clientFolder = builtClient } = options;
  log.hide(config.token ? [config.token] : []);
  const store = await openStore(config, { clock, log });
  await tellOfTampering(store, log);
  const inventory = await createInventory({ store, log });
  const fleet = createFleet(createNodeOpener({ store, clock, log, mayTouch: (node) => caretaker.mayTouch(node) }));
  const crawler = createCrawler({ fleet, store, intervalMs: config.crawlIntervalMs, clock, log });
  const hasSuccessors = () => isOneOfMany(store.leases);
  const tasks = createTasks({ store, inventory, fleet, crawler, clock, log, deadlines, hasSuccessors });
  const caretaker = createCaretaker({ crawler, tasks, inventory, clock, log });
  const holder = createSoleHolder({
    ...(store.leases === null ? {} : { leaseOf: takeAnyway(store.leases) }),
    hold: (lease) => caretaker.hold(lease, "start"),
    removeOrphan: (node) => caretaker.removeOrphan(node),
    leftovers: [...caretaker.storedNodes(), ...(await unfinishedTasks(store)).map(({ node }) => node)],
  });
  const hosts = await followHosts(config, {
    async setNodes(nodes) {
      await crawler.setNodes(nodes);
      await holder.setNodes(nodes.map(({ name }) => name));
    },
    log,
    env,
  });
  const parts = { inventory, tasks, taskLog: store, clock, serverInfo: serverInfo(config, store.kind, clock) };
  const http = createHttpServer({
    schema: buildSchema(),
    context: (viewer: Viewer) => createContext(parts, viewer),
    token: config.token,
    allowedHosts: config.allowedHosts,
    tls: config.tls && { cert: await readFile(config.tls.certPath), key: await readFile(config.tls.keyPath) },
    log,
    isReady: () => crawler.isReady,
    clientFolder,
    clock,
  });

  async function close(graceMs: number): Promise<void> {
    hosts.stop();
    await Promise.all([http.close(graceMs), tasks.close(graceMs)]);
    await crawler.close();
    await fleet.close();
    await inventory.close();
    await store.close();
  }

  const { port } = await http.listen(config).catch(async (error: unknown) => {
    await close(0);
    throw listenFailure(config, error);
  });
  return {
    url: urlOf(config, port),
    async ready() {
      while (!crawler.isReady) await clock.sleep(50);
    },
    inventory,
    vmCount: () => inventory.nodes().reduce((sum, node) => sum + inventory.vmsOf(node.name).length, 0),
    close,
  };
}

async function isOneOfMany(leases: LeaseStore | null): Promise<boolean> {
  return leases !== null && (await leases.look()).servers.some(({ id }) => id !== leases.self);
}

/** Whoever starts last has the node, as long as servers do not share nodes out among themselves. */
function takeAnyway(leases: LeaseStore): (node: NodeName) => Promise<Lease> {
  return async (node) => {
    for (;;) {
      const { leases: seen } = await leases.look();
      const lease = await leases.take(
        node,
        seen.find((record) => record.node === node),
      );
      if (lease !== undefined) return lease;
    }
  };
}

/** It starts all the same: to find out what happened takes people, and the hosts need watching meanwhile. */
async function tellOfTampering(store: Pick<InventoryStore, "verifyAudit">, log: Logger): Promise<void> {
  const sequence = await store.verifyAudit();
  if (sequence === undefined) return;
  const message = "The audit log was changed behind ECoMan's back: from this entry on it can't be trusted";
  log.error({ auditSequence: sequence }, message);
}

function serverInfo(config: Config, store: string, clock: Clock): ServerInfo {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as {
    version: string;
  };
  return {
    version,
    store,
    startedAt: timestampOf(clock.now()),
    vmThresholds: config.vmThresholds,
    nodeThresholds: defaultNodeThresholds,
  };
}

function urlOf({ host, tls }: Config, port: number): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${tls ? "https" : "http"}://${name}:${port}`;
}
