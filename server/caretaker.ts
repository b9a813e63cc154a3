/** What is done with a node as this server begins and ends to look after it: it is crawled, and its tasks are run. */
import type { Clock } from "./clock.ts";
import type { Crawler, HeldFrom } from "./crawler/crawler.ts";
import { isAppError } from "./errors.ts";
import type { Inventory } from "./inventory.ts";
import type { Caretaker } from "./leases/leases.ts";
import type { Log } from "./log.ts";
import type { NodeName } from "./model.ts";
import type { Lease } from "./store/leases.ts";
import type { Tasks } from "./tasks/tasks.ts";

export interface NodeCaretaker extends Caretaker {
  /** Resolves when what is held by now is crawled and what was left of its tasks is taken up. @throws why a node could not be taken over */
  settled(): Promise<void>;
  /** May this server speak to the node at this moment? */
  mayTouch(node: NodeName): boolean;
}

export interface CaretakerOptions {
  readonly crawler: Pick<Crawler, "hold" | "letGo" | "removeOrphan">;
  readonly tasks: Pick<Tasks, "hold" | "letGo" | "removeOrphan" | "isBusy">;
  readonly inventory: Pick<Inventory, "nodes" | "pulse">;
  /** Nodes of which something is on record at start besides those of the inventory. */
  readonly leftovers: readonly NodeName[];
  /** May another server have looked after a node until just now? */
  readonly mayBeHandedOver: () => boolean;
  /** Is the lease valid at this moment? */
  readonly isHeld: (lease: Lease) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

const unreachableMs = 1000;
/** Whose last sign of life is as old as that was looked after by nobody lately. */
const handedOverWithinMs = 60_000;

export function createCaretaker(options: CaretakerOptions): NodeCaretaker {
  const { crawler, tasks, inventory, mayBeHandedOver, isHeld, clock, log } = options;
  const held = new Map<NodeName, Lease>();
  const leftovers = new Set(options.leftovers);
  const beginning = new Set<Promise<void>>();
  const failures: unknown[] = [];

  /** It decides only how much is shown as not seen yet; the readings' own ages are shown in any case. */
  function cameFrom(node: NodeName): HeldFrom {
    const lastSeenAt = inventory.pulse(node)?.lastSeenAt ?? null;
    if (!mayBeHandedOver() || lastSeenAt === null) return "start";
    return Math.abs(clock.now() - Date.parse(lastSeenAt)) < handedOverWithinMs ? "another server" : "start";
  }

  /** Waits as long as the database is away. */
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

  async function begin(lease: Lease): Promise<void> {
    const { node } = lease;
    try {
      await beginCrawl(lease, cameFrom(node));
      if (held.get(node) === lease) await tasks.hold(lease);
    } catch (error) {
      failures.push(error);
      log.error({ node, err: error }, "A node could not be taken over whole: what is on record of it stays as it is");
    }
  }

  return {
    onHeld(lease) {
      held.set(lease.node, lease);
      const begun = begin(lease).finally(() => beginning.delete(begun));
      beginning.add(begun);
    },
    async letGo(node) {
      held.delete(node);
      await Promise.all([tasks.letGo(node), crawler.letGo(node)]);
    },
    async removeOrphan({ node }) {
      await crawler.removeOrphan(node);
      await tasks.removeOrphan(node);
      leftovers.delete(node);
    },
    isBusy: (node) => tasks.isBusy(node),
    storedNodes: () => [...new Set([...inventory.nodes().map(({ name }) => name), ...leftovers])],
    async settled() {
      while (beginning.size > 0) await Promise.all(beginning);
      const [failure] = failures.splice(0);
      if (failure !== undefined) throw failure;
    },
    mayTouch(node) {
      const lease = held.get(node);
      return lease !== undefined && isHeld(lease);
    },
  };
}
