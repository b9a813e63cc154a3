/**
 * The one writer of a node: whatever is learnt of it passes here, one thing after the other, each computed from what the
 * one before left. What could not be committed is not remembered, so that the next look finds the difference again.
 */
import { isAppError } from "../errors.ts";
import type { Lease } from "../store/leases.ts";
import type { InventoryChange, InventoryStore } from "../store/store.ts";
import { diff, isEmptyChange, isEmptyPulse } from "./diff.ts";
import type { NodeMemory } from "./memory.ts";

export interface Ledger {
  readonly memory: NodeMemory;
  /** Commits what differs; answers it. @throws what the store throws, or `next`; after LEASE_LOST it is closed */
  update(next: (memory: NodeMemory) => NodeMemory): Promise<InventoryChange>;
  /** Takes the node and its VMs from the store, and closes. */
  remove(): Promise<void>;
  /** Later updates do nothing. Resolves when none is under way. */
  close(): Promise<void>;
  readonly isClosed: boolean;
}

export interface LedgerOptions {
  readonly store: Pick<InventoryStore, "apply" | "pulse">;
  /** In whose name it writes. */
  readonly lease: Lease;
  /** As the store has it; undefined: it does not know the node. */
  readonly stored: NodeMemory | undefined;
  /** What is known from now on; written with the first update. */
  readonly memory: NodeMemory;
}

export function createLedger({ store, lease, stored, memory }: LedgerOptions): Ledger {
  let committed = stored;
  let current = memory;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch((error: unknown) => {
      if (isAppError(error, "LEASE_LOST")) isClosed = true;
    });
    return turn;
  }

  async function commit(next: (memory: NodeMemory) => NodeMemory): Promise<InventoryChange> {
    if (isClosed) return {};
    const after = next(current);
    const { change, pulse } = diff(committed, after);
    if (!isEmptyChange(change)) await store.apply(change, lease);
    committed = after;
    current = after;
    if (!isEmptyPulse(pulse)) await store.pulse(pulse, lease);
    return change;
  }

  return {
    get memory() {
      return current;
    },
    get isClosed() {
      return isClosed;
    },
    update: (next) => inTurn(() => commit(next)),
    remove: () =>
      inTurn(async () => {
        if (isClosed) return;
        await store.apply({ removedNodes: [current.node.name], removedVms: [...current.vms.keys()] }, lease);
        isClosed = true;
      }),
    async close() {
      isClosed = true;
      await last;
    },
  };
}
