/** The time for which this server looks after one node: from a lease until it lets go. */
import { isDeepStrictEqual } from "node:util";
import { timestampOf } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import type { Fleet } from "../fleet.ts";
import type { Log } from "../log.ts";
import type { Lease } from "../store/leases.ts";
import type { InventoryStore } from "../store/store.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { NodeMemory } from "./memory.ts";
import { createNodeCrawl, type NodeCrawl, type Timing } from "./node-crawl.ts";
import { awaitingFirstLook, configured } from "./unobserved.ts";

/**
 * Who looked after the node before. "start": nobody for an unknown time, so what is stored is shown as stale until it is
 * seen. "another server": one did until just now, so what is stored is as good as it says of itself.
 */
export type HeldFrom = "start" | "another server";

export interface Tenure {
  /** Is this in force already? */
  isInForce(config: NodeConfig | undefined): boolean;
  /**
   * Takes in what hosts.yml says of the node, and has it looked at from then on; undefined: it is not in there, so it is not
   * looked at. Resolves when that is in the store. @throws what the store throws: nothing is in force then
   */
  follow(config: NodeConfig | undefined, firstDelayMs: number): Promise<void>;
  /** Takes the node, which is not in hosts.yml, from the store with its VMs. */
  remove(): Promise<void>;
  /** Ends the scan under way; none begins before `follow`. */
  pause(): Promise<void>;
  /** For good: nothing more is asked of the host or written. Resolves when nothing is under way. */
  end(): Promise<void>;
  /** Undefined for a node that is switched off, or not in hosts.yml. */
  readonly crawl: NodeCrawl | undefined;
}

export interface TenureOptions {
  readonly lease: Lease;
  readonly from: HeldFrom;
  /** As the store had it when the lease was in force; undefined: it does not know the node. */
  readonly stored: NodeMemory | undefined;
  readonly store: Pick<InventoryStore, "apply" | "pulse">;
  readonly fleet: Pick<Fleet, "node">;
  /** May it be looked at now? */
  readonly isHeld: () => boolean;
  readonly timing: Timing;
  readonly log: Log;
}

export function createTenure({ lease, from, store, fleet, isHeld, timing, log, ...options }: TenureOptions): Tenure {
  const name = lease.node;
  let { stored } = options;
  let ledger: Ledger | undefined;
  let crawl: NodeCrawl | undefined;
  /** Undefined: nothing. */
  let inForce: { readonly config: NodeConfig | undefined } | undefined;
  let isEnded = false;

  function openLedger(config: NodeConfig): Ledger {
    const at = timestampOf(timing.clock.now());
    const known = stored === undefined || from === "another server" ? stored : awaitingFirstLook(stored, at);
    return createLedger({ store, lease, stored, memory: known ?? configured(undefined, config, at) });
  }

  async function configure(config: NodeConfig, firstDelayMs: number): Promise<void> {
    const kept = ledger ?? openLedger(config);
    ledger = kept;
    await kept.update((memory) => configured(memory, config, timestampOf(timing.clock.now())));
    const member = fleet.node(name);
    if (member === undefined || config.disabled || isEnded) return;
    crawl = createNodeCrawl({ ...timing, member, ledger: kept, isHeld, firstDelayMs, log });
  }

  async function pause(): Promise<void> {
    inForce = undefined;
    await crawl?.close();
  }

  return {
    isInForce: (config) => inForce !== undefined && isDeepStrictEqual(inForce.config, config),
    async follow(config, firstDelayMs) {
      await pause();
      if (isEnded) return;
      crawl = undefined;
      if (config !== undefined) await configure(config, firstDelayMs);
      inForce = { config };
    },
    async remove() {
      const leaving = ledger ?? (stored && createLedger({ store, lease, stored, memory: stored }));
      if (leaving === undefined || isEnded) return;
      ledger = leaving;
      await leaving.remove();
      ledger = undefined;
      stored = undefined;
      log.info({ node: name }, "The node left hosts.yml, and its VMs with it.");
    },
    pause,
    async end() {
      isEnded = true;
      await Promise.all([ledger?.close(), crawl?.close()]);
    },
    get crawl() {
      return crawl;
    },
  };
}
