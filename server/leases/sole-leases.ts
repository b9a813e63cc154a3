/** The leases of a store that serves one server: it looks after every node for good, so that the rest need not know. */
import type { Log } from "../log.ts";
import type { NodeName } from "../model.ts";
import type { Lease } from "../store/leases.ts";
import type { Caretaker, Leases } from "./leases.ts";

export interface SoleLeasesOptions {
  readonly caretaker: Caretaker;
  readonly log: Log;
}

export function createSoleLeases({ caretaker, log }: SoleLeasesOptions): Leases {
  const leases = new Map<NodeName, Lease>();
  const ready = Promise.withResolvers<void>();
  let hasShare = false;
  let turn: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function follow(names: ReadonlySet<NodeName>): Promise<void> {
    if (isClosed) return;
    const known = new Set([...leases.keys(), ...caretaker.storedNodes()]);
    const orphans = [...known].filter((node) => !names.has(node));
    for (const node of [...names, ...orphans]) if (!leases.has(node)) hold(node);
    tellReady();
    await Promise.all(orphans.map(giveUp));
  }

  function hold(node: NodeName): void {
    const lease: Lease = { node, fence: 0 };
    leases.set(node, lease);
    caretaker.onHeld(lease);
  }

  async function giveUp(node: NodeName): Promise<void> {
    try {
      await caretaker.removeOrphan({ node, fence: 0 });
    } catch (error) {
      log.error({ node, err: error }, "A node in no hosts.yml could not be removed; it stays until the next start");
    }
    leases.delete(node);
    await caretaker.letGo(node).catch((error: unknown) => log.error({ node, err: error }, "A node was not let go of"));
  }

  function tellReady(): void {
    hasShare = true;
    ready.resolve();
  }

  return {
    setNodes(names) {
      turn = turn.then(() => follow(new Set(names)));
      return turn;
    },
    held: () => new Map(leases),
    isHeld: ({ node, fence }) => leases.get(node)?.fence === fence,
    ready: ready.promise,
    hasOthers: false,
    get hasShare() {
      return hasShare;
    },
    drain() {},
    async close() {
      isClosed = true;
      tellReady();
      await turn;
      leases.clear();
    },
  };
}
