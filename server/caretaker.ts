/** What is done with a node as this server begins and ends to look after it: it is crawled, and its tasks are run. */
import type { Clock } from "./clock.ts";
import type { Crawler, HeldFrom } from "./crawler/crawler.ts";
import { isAppError } from "./errors.ts";
import type { Inventory } from "./inventory.ts";
import type { Log } from "./log.ts";
import type { NodeName } from "./model.ts";
import type { Lease } from "./store/leases.ts";
import type { Tasks } from "./tasks/tasks.ts";

export interface Caretaker {
  /**
   * Resolves when the node is crawled and what was left of its tasks is taken up, or when it was let go before; waits as long
   * as the database is away. @throws what else the store throws: the node is then not looked after
   */
  hold(lease: Lease, from: HeldFrom): Promise<void>;
  /** Resolves when nothing of this server touches the node any more. */
  letGo(node: NodeName): Promise<void>;
  /** The node is held and in nobody's hosts.yml: it leaves the store with its VMs, and its tasks end. @throws what the store throws */
  removeOrphan(node: NodeName): Promise<void>;
  /** Are tasks of the node under way? */
  isBusy(node: NodeName): boolean;
  /** Those in the store, whether in hosts.yml or not. */
  storedNodes(): readonly NodeName[];
  /** May this server speak to the node at this moment? */
  mayTouch(node: NodeName): boolean;
}

export interface CaretakerOptions {
  readonly crawler: Pick<Crawler, "hold" | "letGo" | "removeOrphan">;
  readonly tasks: Pick<Tasks, "hold" | "letGo" | "removeOrphan" | "isBusy">;
  readonly inventory: Pick<Inventory, "nodes">;
  /** Is the lease valid at this moment. Default: always, for one server alone. */
  readonly isHeld?: (lease: Lease) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

const unreachableMs = 1000;

export function createCaretaker(options: CaretakerOptions): Caretaker {
  const { crawler, tasks, inventory, isHeld = () => true, clock, log } = options;
  const held = new Map<NodeName, Lease>();

  async function beginCrawl(lease: Lease, from: HeldFrom): Promise<void> {
    while (held.get(lease.node) === lease) {
      try {
        return await crawler.hold(lease, from);
      } catch (error) {
        if (isAppError(error, "LEASE_LOST")) return;
        if (!isAppError(error, "STORE_UNREACHABLE")) throw error;
        await clock.sleep(unreachableMs);
      }
    }
  }

  return {
    async hold(lease, from) {
      const { node } = lease;
      held.set(node, lease);
      await beginCrawl(lease, from);
      if (held.get(node) !== lease) return;
      await tasks.hold(lease).catch((error: unknown) => {
        log.error({ node, err: error }, "Unfinished tasks of a node could not be settled");
      });
    },
    async letGo(node) {
      held.delete(node);
      await Promise.all([tasks.letGo(node), crawler.letGo(node)]);
    },
    async removeOrphan(node) {
      await crawler.removeOrphan(node);
      await tasks.removeOrphan(node);
    },
    isBusy: (node) => tasks.isBusy(node),
    storedNodes: () => inventory.nodes().map(({ name }) => name),
    mayTouch(node) {
      const lease = held.get(node);
      return lease !== undefined && isHeld(lease);
    },
  };
}
