/**
 * The one writer of a node: whatever is learnt of it passes here, one thing after the other, each computed from what the
 * one before left. What could not be committed is not remembered, so that the next look finds the difference again.
 */
import type { InventoryChange, InventoryStore } from "../store/store.ts";
import { diff, isEmptyChange, isEmptyPulse } from "./diff.ts";
import type { NodeMemory } from "./memory.ts";

export interface Ledger {
  readonly memory: NodeMemory;
  /** Commits what differs; answers it. @throws what the store throws, or `next` */
  update(next: (memory: NodeMemory) => NodeMemory): Promise<InventoryChange>;
  /** Takes the node and its VMs from the store; later updates do nothing. */
  remove(): Promise<void>;
}

export interface LedgerOptions {
  readonly store: Pick<InventoryStore, "apply" | "pulse">;
  /** As the store has it; undefined: it does not know the node. */
  readonly stored: NodeMemory | undefined;
  /** What is known from now on; written with the first update. */
  readonly memory: NodeMemory;
}

export function createLedger({ store, stored, memory }: LedgerOptions): Ledger {
  let committed = stored;
  let current = memory;
  let isRemoved = false;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function commit(next: (memory: NodeMemory) => NodeMemory): Promise<InventoryChange> {
    if (isRemoved) return {};
    const after = next(current);
    const { change, pulse } = diff(committed, after);
    if (!isEmptyChange(change)) await store.apply(change);
    committed = after;
    current = after;
    if (!isEmptyPulse(pulse)) await store.pulse(pulse);
    return change;
  }

  return {
    get memory() {
      return current;
    },
    update: (next) => inTurn(() => commit(next)),
    remove: () =>
      inTurn(async () => {
        isRemoved = true;
        await store.apply({ removedNodes: [current.node.name], removedVms: [...current.vms.keys()] });
      }),
  };
}
