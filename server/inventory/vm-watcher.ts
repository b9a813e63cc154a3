/** One subscriber to VMs: remembers which ones changed, never how, and looks them up when he reads. */
import type { VmChange } from "../inventory.ts";
import type { Revision, Vm, VmId } from "../model.ts";
import type { VmTransition } from "./inventory-state.ts";
import type { VmPredicate } from "./vm-filter.ts";
import type { Watcher } from "./watchers.ts";

export interface VmWatcher extends Watcher<VmChange> {
  note(transitions: readonly VmTransition[]): void;
  /** What he knows is void. */
  reset(): void;
}

export interface VmWatcherOptions {
  readonly matches: VmPredicate;
  /** What changed since he left; `unknown`: he must read again; undefined: he begins now. */
  readonly missed: readonly VmId[] | "unknown" | undefined;
  /** With more VMs than this waiting, he must read again. */
  readonly maxPending: number;
  readonly revision: () => Revision;
  readonly vm: (id: VmId) => Vm | undefined;
}

export function createVmWatcher({ matches, missed, maxPending, revision, vm }: VmWatcherOptions): VmWatcher {
  /** Changed VMs, and whether the reader holds them in his list. */
  const pending = new Map<VmId, boolean>();
  let mustReset = missed === "unknown";
  let hasGreeted = false;
  const beginning = missed === undefined ? message("CHANGES") : undefined;
  if (Array.isArray(missed)) for (const id of missed) remember(id, true);

  function message(kind: VmChange["kind"], rows: Pick<VmChange, "upserted" | "removed"> = none): VmChange {
    return { kind, revision: revision(), ...rows };
  }

  function remember(id: VmId, isHeld: boolean): void {
    if (mustReset || pending.has(id)) return;
    if (pending.size < maxPending) {
      pending.set(id, isHeld);
      return;
    }
    mustReset = true;
    pending.clear();
  }

  function takePending(): Pick<VmChange, "upserted" | "removed"> {
    const upserted: Vm[] = [];
    const removed: VmId[] = [];
    for (const [id, isHeld] of pending) {
      const current = vm(id);
      if (current !== undefined && matches(current)) upserted.push(current);
      else if (isHeld) removed.push(id);
    }
    pending.clear();
    return { upserted, removed };
  }

  return {
    note(transitions) {
      if (mustReset) return;
      for (const { id, before, after } of transitions) {
        const isHeld = before !== undefined && matches(before);
        if (isHeld || (after !== undefined && matches(after))) remember(id, isHeld);
      }
    },
    reset() {
      mustReset = true;
      pending.clear();
    },
    take() {
      const isFirst = !hasGreeted;
      hasGreeted = true;
      if (isFirst && beginning) return beginning;
      if (mustReset) {
        mustReset = false;
        return message("RESET");
      }
      const rows = takePending();
      const isEmpty = rows.upserted.length + rows.removed.length === 0;
      return isEmpty && !isFirst ? undefined : message("CHANGES", rows);
    },
  };
}

const none = { upserted: [], removed: [] };
