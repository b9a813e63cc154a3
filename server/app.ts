/**
 * The whole server, part by part in the order they need each other: this is its table of contents.
 *
 *     ESXi ──ssh──▶ fleet's drivers ──▶ crawler ──▶ store ──▶ inventory ──▶ schema ──▶ http
 *                        ▲── tasks ◀──────────────────────────────────────── mutations ◀─┘
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Viewer } from "./auth/viewer.ts";
import { createCaretaker } from "./caretaker.ts";
import { type Clock, systemClock, timestampOf, within } from "./clock.ts";
import type { Environment } from "./config/paths.ts";
import { secretsOf } from "./config/secrets-of.ts";
import { defaultNodeThresholds } from "./config/thresholds.ts";
import type { Config } from "./config.ts";
import { createCrawler } from "./crawler/crawler.ts";
import { ecomanVersion } from "./ecoman-version.ts";
import { createFleet } from "./fleet.ts";
import { followHosts } from "./follow-hosts.ts";
import { createHttpServer } from "./http/server.ts";
import { createInventory } from "./inventory/inventory-view.ts";
import type { Inventory } from "./inventory.ts";
import type { LeaseLimits } from "./leases/leases.ts";
import type { Logger } from "./logger.ts";
import { createNodeOpener } from "./node-opener.ts";
import { openLeases } from "./open-leases.ts";
import { openStore } from "./open-store.ts";
import { buildSchema, createContext, type ServerInfo } from "./schema/index.ts";
import { listenFailure } from "./start-failure.ts";
import type { Lease } from "./store/leases.ts";
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
  /** How leases are dealt with, where several servers share a store. */
  readonly leaseLimits?: Partial<LeaseLimits>;
  /** Default: where `npm run build` puts the web client. Absolute. */
  readonly clientFolder?: string;
}

/** How long a start waits for this server's share of the nodes before it listens all the same, in ms. */
const shareWithinMs = 3000;

const builtClient = join(import.meta.dirname, "../client/dist");

/** Rejects with an AppError when the data folder can't be used, with a ConfigError when the address can't be listened on. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, clock = systemClock, env = process.env, deadlines, clientFolder = builtClient } = options;
  log.hide(secretsOf(config));
  const store = await openStore(config, { clock, log });
  await tellOfTampering(store, log);
  const inventory = await createInventory({ store, log });
  const fleet = createFleet(createNodeOpener({ store, clock, log, mayTouch: (node) => caretaker.mayTouch(node) }));
  const isHeld = (lease: Lease): boolean => leases.isHeld(lease);
  const crawler = createCrawler({ fleet, store, isHeld, intervalMs: config.crawlIntervalMs, clock, log });
  const hasSuccessors = async (): Promise<boolean> => leases.hasOthers;
  const tasks = createTasks({ store, inventory, fleet, crawler, clock, log, isHeld, deadlines, hasSuccessors });
  const leftovers = (await unfinishedTasks(store)).map(({ node }) => node);
  // Who starts and finds nobody can't know for how long nobody looked.
  const mayBeHandedOver = (): boolean => store.leases !== null && (leases.hasShare || leases.hasOthers);
  const caretaker = createCaretaker({ crawler, tasks, inventory, leftovers, mayBeHandedOver, isHeld, clock, log });
  const leases = openLeases(store, { caretaker, log, limits: options.leaseLimits });
  const hosts = await followHosts(config, {
    async setNodes(nodes) {
      await crawler.setNodes(nodes);
      await leases.setNodes(nodes.map(({ name }) => name));
      await within(leases.ready, shareWithinMs, clock);
      await caretaker.settled();
    },
    log,
    env,
  });
  let wasReady = false;
  /** Once so, for good: who takes a dead server's nodes over must not be taken out of service for that. */
  function isReady(): boolean {
    wasReady ||= leases.hasShare && crawler.isReady;
    return wasReady;
  }
  const parts = { inventory, tasks, taskLog: store, clock, serverInfo: serverInfo(config, store.kind, clock) };
  const http = createHttpServer({
    schema: buildSchema(),
    context: (viewer: Viewer) => createContext(parts, viewer),
    token: config.token,
    allowedHosts: config.allowedHosts,
    tls: config.tls && { cert: await readFile(config.tls.certPath), key: await readFile(config.tls.keyPath) },
    log,
    isReady,
    clientFolder,
    clock,
  });

  async function close(graceMs: number): Promise<void> {
    hosts.stop();
    leases.drain();
    await Promise.all([http.close(graceMs), tasks.close(graceMs)]);
    await crawler.close();
    await leases.close();
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
      while (!isReady()) await clock.sleep(50);
    },
    inventory,
    vmCount: () => inventory.nodes().reduce((sum, node) => sum + inventory.vmsOf(node.name).length, 0),
    close,
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
  return {
    version: ecomanVersion(),
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
