/** Port of the crawler: when and what is observed. It writes what it sees to the store and to nobody else. */
import { isDeepStrictEqual } from "node:util";
import { type Clock, timestampOf } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import type { VmRead } from "../esxi/driver.ts";
import type { Fleet } from "../fleet.ts";
import type { Log } from "../log.ts";
import type { NodeName, VmId } from "../model.ts";
import type { InventoryStore, StoredInventory } from "../store/store.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { recall } from "./memory.ts";
import { createNodeCrawl, type NodeCrawl, type Timing } from "./node-crawl.ts";
import type { NewVm } from "./observe.ts";
import { awaitingFirstLook, configured } from "./unobserved.ts";

export interface Crawler {
  /**
   * Follows hosts.yml: new nodes are crawled at once, gone ones leave with their VMs, thresholds and labels are applied.
   * It hands the list on to the fleet itself, after it has ended the scans of nodes whose driver will be replaced.
   * Resolves when the change is in the store, before the new nodes were looked at. @throws what the store throws: changed
   * nodes are then not looked at until it is called again
   */
  setNodes(configs: readonly NodeConfig[]): Promise<void>;
  /**
   * A complete scan of the node now, as a person asked for it (the one door through which a refused login is tried again).
   * Joins a scan that has not begun yet, never one under way.
   * @throws AppError NOT_FOUND, NODE_DISABLED, or why the scan failed
   */
  refresh(node: NodeName): Promise<void>;
  /** Takes readings of single VMs, whoever made them; resolves when they are committed. Unknown vmids are ignored. */
  observeVms(node: NodeName, reads: readonly VmRead[]): Promise<void>;
  /**
   * Takes in a VM that ECoMan registered just now, before a scan has listed it; resolves with its id when that is committed.
   * Undefined: the node is not crawled any more.
   */
  observeNewVm(node: NodeName, vm: NewVm): Promise<VmId | undefined>;
  /** Has every node been looked at since start (whatever came of it). */
  readonly isReady: boolean;
  /** Stops all polling; resolves when nothing is under way. */
  close(): Promise<void>;
}

export interface CrawlerOptions {
  readonly fleet: Fleet;
  readonly store: Pick<InventoryStore, "apply" | "pulse">;
  /** From the start of one scan of a node to the start of the next, in ms. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** What the store held at start: shown at once, stale until seen. */
  readonly initial: StoredInventory;
  /** 0 to 1, for jitter. Default Math.random. */
  readonly random?: () => number;
  /** How old version, datastores and port groups may become, in ms. Default 5 minutes. */
  readonly rareEveryMs?: number;
  /** How often ISO images are listed, in ms. Default 10 minutes. */
  readonly isoEveryMs?: number;
}

/** Between the first scans of two nodes, in ms: a hundred handshakes at once would cost everybody. */
const staggerMs = 50;

interface Entry {
  readonly config: NodeConfig;
  readonly ledger: Ledger;
  /** Undefined for a node that is switched off. */
  readonly crawl: NodeCrawl | undefined;
}

export function createCrawler(options: CrawlerOptions): Crawler {
  const { fleet, store, clock, log, initial } = options;
  const timing: Timing = {
    intervalMs: options.intervalMs,
    rareEveryMs: options.rareEveryMs ?? 300_000,
    isoEveryMs: options.isoEveryMs ?? 600_000,
    clock,
    random: options.random ?? Math.random,
  };
  const entries = new Map<NodeName, Entry>();
  const unclaimed = new Map(recall(initial));
  let isConfigured = false;
  let isClosed = false;
  let lastFollowing: Promise<void> = Promise.resolve();

  async function follow(configs: readonly NodeConfig[]): Promise<void> {
    if (isClosed) return;
    const wanted = new Map(configs.map((config) => [config.name, config]));
    const outdated = [...entries].filter(([name, entry]) => !isDeepStrictEqual(entry.config, wanted.get(name)));
    await endScans(outdated.map(([, entry]) => entry));
    fleet.setNodes(configs);
    await Promise.all(outdated.filter(([name]) => !wanted.has(name)).map(([name, entry]) => forget(name, entry)));
    const fresh = configs.filter((config) => !isDeepStrictEqual(entries.get(config.name)?.config, config));
    await Promise.all(fresh.map((config, index) => start(config, (index + 1) * staggerMs)));
    await forgetUnclaimed();
    isConfigured = true;
  }

  async function forget(name: NodeName, { ledger }: Entry): Promise<void> {
    entries.delete(name);
    await ledger.remove();
    log.info({ node: name }, "The node left hosts.yml, and its VMs with it.");
  }

  async function start(config: NodeConfig, firstDelayMs: number): Promise<void> {
    const ledger = entries.get(config.name)?.ledger ?? openLedger(config);
    await ledger.update((memory) => configured(memory, config, timestampOf(clock.now())));
    unclaimed.delete(config.name);
    const member = fleet.node(config.name);
    const isCrawled = member !== undefined && !config.disabled && !isClosed;
    const crawl = isCrawled ? createNodeCrawl({ ...timing, member, ledger, firstDelayMs, log }) : undefined;
    entries.set(config.name, { config, ledger, crawl });
  }

  function openLedger(config: NodeConfig): Ledger {
    const at = timestampOf(clock.now());
    const stored = unclaimed.get(config.name);
    const memory = stored === undefined ? configured(undefined, config, at) : awaitingFirstLook(stored, at);
    return createLedger({ store, stored, memory });
  }

  /** Nodes that left hosts.yml while we did not run. */
  async function forgetUnclaimed(): Promise<void> {
    for (const [name, memory] of unclaimed) {
      await createLedger({ store, stored: memory, memory }).remove();
      unclaimed.delete(name);
    }
  }

  function entryOf(name: NodeName): Entry {
    const entry = entries.get(name);
    if (entry === undefined) throw new AppError("NOT_FOUND", `There is no node "${name}" in hosts.yml.`);
    return entry;
  }

  return {
    setNodes(configs) {
      const following = lastFollowing.then(() => follow(configs));
      lastFollowing = following.catch(() => undefined);
      return following;
    },
    async refresh(name) {
      const { crawl } = entryOf(name);
      if (isClosed) throw new AppError("SHUTTING_DOWN", "ECoMan is shutting down.");
      if (crawl === undefined)
        throw new AppError("NODE_DISABLED", `${name} is switched off in hosts.yml; remove disabled there first.`);
      await crawl.refresh();
    },
    async observeVms(name, reads) {
      await entries.get(name)?.crawl?.observeVms(reads);
    },
    observeNewVm: async (name, vm) => entries.get(name)?.crawl?.observeNewVm(vm),
    get isReady() {
      return isConfigured && [...entries.values()].every(({ crawl }) => crawl?.wasLookedAt ?? true);
    },
    async close() {
      isClosed = true;
      await lastFollowing;
      await endScans([...entries.values()]);
    },
  };
}

async function endScans(entries: readonly Entry[]): Promise<void> {
  await Promise.all(entries.flatMap(({ crawl }) => (crawl === undefined ? [] : [crawl.close()])));
}
