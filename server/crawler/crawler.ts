/** Port of the crawler: when and what is observed. It writes what it sees to the store and to nobody else. */
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import type { VmRead } from "../esxi/driver.ts";
import type { Fleet } from "../fleet.ts";
import type { Log } from "../log.ts";
import type { NodeName, VmId } from "../model.ts";
import type { Lease } from "../store/leases.ts";
import type { InventoryStore } from "../store/store.ts";
import { recall } from "./memory.ts";
import type { NodeCrawl, Timing } from "./node-crawl.ts";
import type { NewVm } from "./observe.ts";
import { createTenure, type HeldFrom, type Tenure } from "./tenure.ts";

export type { HeldFrom } from "./tenure.ts";

export interface Crawler {
  /**
   * Follows hosts.yml. Of the nodes that this server holds, new ones are crawled at once, gone ones no more, thresholds and
   * labels are applied; the others are left to whoever holds them.
   * It hands the list on to the fleet itself, after it has ended the scans of nodes whose driver will be replaced.
   * Resolves when the change is in the store, before the new nodes were looked at. @throws what the store throws: changed
   * nodes are then not looked at until it is called again
   */
  setNodes(configs: readonly NodeConfig[]): Promise<void>;
  /**
   * From here on this server looks after the node: it is crawled if hosts.yml names it. What is known of it is read from the
   * store now, once for all that are held in one go. Nothing is done before the first `setNodes`. Resolves, and throws, as
   * `setNodes` does.
   */
  hold(lease: Lease, from: HeldFrom): Promise<void>;
  /** Takes a node that is held, and that hosts.yml does not name, from the store with its VMs. Others are left alone. @throws what the store throws */
  removeOrphan(node: NodeName): Promise<void>;
  /** Resolves when nothing of this crawler, nor of the node's driver, touches node or records any more. */
  letGo(node: NodeName): Promise<void>;
  /**
   * A complete scan of the node now, as a person asked for it (the one door through which a refused login is tried again).
   * Joins a scan that has not begun yet, never one under way.
   * @throws AppError NOT_FOUND, NODE_DISABLED, LEASE_LOST, or why the scan failed
   */
  refresh(node: NodeName): Promise<void>;
  /** Takes readings of single VMs, whoever made them; resolves when they are committed. Unknown vmids are ignored. */
  observeVms(node: NodeName, reads: readonly VmRead[]): Promise<void>;
  /**
   * Takes in a VM that ECoMan registered just now, before a scan has listed it; resolves with its id when that is committed.
   * Undefined: the node is not crawled any more.
   */
  observeNewVm(node: NodeName, vm: NewVm): Promise<VmId | undefined>;
  /** Has every node that is held been looked at since (whatever came of it). */
  readonly isReady: boolean;
  /** Stops all polling; resolves when nothing is under way. */
  close(): Promise<void>;
}

export interface CrawlerOptions {
  readonly fleet: Fleet;
  readonly store: Pick<InventoryStore, "load" | "apply" | "pulse">;
  /** Is the lease valid at this moment. Default: always, for one server alone. */
  readonly isHeld?: (lease: Lease) => boolean;
  /** From the start of one scan of a node to the start of the next, in ms. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 to 1, for jitter. Default Math.random. */
  readonly random?: () => number;
  /** How old version, datastores and port groups may become, in ms. Default 5 minutes. */
  readonly rareEveryMs?: number;
  /** How often ISO images are listed, in ms. Default 10 minutes. */
  readonly isoEveryMs?: number;
}

/** Between the first scans of two nodes, in ms: a hundred handshakes at once would cost everybody. */
const staggerMs = 50;

interface Holding {
  readonly lease: Lease;
  readonly from: HeldFrom;
}

export function createCrawler(options: CrawlerOptions): Crawler {
  const { fleet, store, clock, log, isHeld = () => true } = options;
  const timing: Timing = {
    intervalMs: options.intervalMs,
    rareEveryMs: options.rareEveryMs ?? 300_000,
    isoEveryMs: options.isoEveryMs ?? 600_000,
    clock,
    random: options.random ?? Math.random,
  };
  /** As hosts.yml has them; undefined: that was not told yet. */
  let hosts: ReadonlyMap<NodeName, NodeConfig> | undefined;
  const held = new Map<NodeName, Holding>();
  const tenures = new Map<NodeName, Tenure>();
  let isClosed = false;
  let lastTurn: Promise<void> = Promise.resolve();

  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = lastTurn.then(() => (isClosed ? undefined : work()));
    lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async function follow(configs: readonly NodeConfig[]): Promise<void> {
    const wanted = new Map(configs.map((config) => [config.name, config]));
    const outdated = [...tenures].filter(([name]) => !isDeepStrictEqual(hosts?.get(name), wanted.get(name)));
    await Promise.all(outdated.map(([, tenure]) => tenure.pause()));
    fleet.setNodes(configs);
    hosts = wanted;
    await settle();
  }

  /** Brings what is held and what hosts.yml says together. One node's failure is no other one's. */
  async function settle(): Promise<void> {
    if (hosts === undefined) return;
    await beginTenures();
    const due = [...tenures].filter(([name, tenure]) => !tenure.isInForce(hosts?.get(name)));
    const outcomes = await Promise.allSettled(
      due.map(([name, tenure], index) => tenure.follow(hosts?.get(name), (index + 1) * staggerMs)),
    );
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  async function beginTenures(): Promise<void> {
    const fresh = [...held].filter(([name]) => !tenures.has(name));
    if (fresh.length === 0) return;
    const known = recall(await store.load());
    for (const [name, holding] of fresh) {
      const { lease } = holding;
      // What was let go meanwhile may have been changed by another one; if it is held again, it is read again.
      if (held.get(name) !== holding) continue;
      const stored = known.get(name);
      const tenure = createTenure({ ...holding, stored, store, fleet, isHeld: () => isHeld(lease), timing, log });
      tenures.set(name, tenure);
    }
  }

  async function letGo(name: NodeName): Promise<void> {
    held.delete(name);
    const tenure = tenures.get(name);
    tenures.delete(name);
    await Promise.all([tenure?.end(), fleet.letGo(name)]);
  }

  function crawlOf(name: NodeName): NodeCrawl {
    const config = hosts?.get(name);
    if (config === undefined) throw new AppError("NOT_FOUND", `There is no node "${name}" in hosts.yml.`);
    if (isClosed) throw new AppError("SHUTTING_DOWN", "ECoMan is shutting down.");
    if (config.disabled)
      throw new AppError("NODE_DISABLED", `${name} is switched off in hosts.yml; remove disabled there first.`);
    const crawl = tenures.get(name)?.crawl;
    if (crawl === undefined) throw new AppError("LEASE_LOST", `Another server looks after ${name}; try again.`);
    return crawl;
  }

  function isLookedAt(name: NodeName): boolean {
    if (hosts?.get(name) === undefined) return true;
    const tenure = tenures.get(name);
    return tenure?.isInForce(hosts?.get(name)) === true && (tenure.crawl?.wasLookedAt ?? true);
  }

  return {
    setNodes: (configs) => inTurn(() => follow(configs)),
    async hold(lease, from) {
      const name = lease.node;
      const known = held.get(name);
      if (known !== undefined && known.lease.fence !== lease.fence) await letGo(name);
      if (known?.lease.fence !== lease.fence) held.set(name, { lease, from });
      await inTurn(settle).catch((error: unknown) => {
        if (!tenures.get(name)?.isInForce(hosts?.get(name))) throw error;
      });
    },
    removeOrphan: (name) =>
      inTurn(async () => {
        if (hosts?.has(name) === false) await tenures.get(name)?.remove();
      }),
    letGo,
    refresh: async (name) => crawlOf(name).refresh(),
    async observeVms(name, reads) {
      await tenures.get(name)?.crawl?.observeVms(reads);
    },
    observeNewVm: async (name, vm) => tenures.get(name)?.crawl?.observeNewVm(vm),
    get isReady() {
      return hosts !== undefined && [...held.keys()].every(isLookedAt);
    },
    async close() {
      isClosed = true;
      await lastTurn;
      await Promise.all([...tenures.values()].map((tenure) => tenure.end()));
    },
  };
}
