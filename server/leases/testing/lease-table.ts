/** The leases of one false database, with a line of its own to every server: slow, cut, losing answers and hints. */
import { AppError } from "../../errors.ts";
import type { NodeName } from "../../model.ts";
import type { Lease, LeaseRecord, LeaseStore, ServerId, ServerRecord } from "../../store/leases.ts";
import type { Machine, VirtualTime } from "./virtual-time.ts";

export interface LeaseTable {
  /** No server can reach it. */
  isDown: boolean;
  /** Whether changes are told to those who listen. */
  tellsChanges: boolean;
  readonly leases: ReadonlyMap<NodeName, LeaseRecord>;
  readonly servers: ReadonlyMap<ServerId, ServerRecord>;
  /** A write under the lease is refused. All are told, which of them wrote: only who holds it may heed it. */
  refuse(lease: Lease): void;
  connect(line: Line): LeaseStore;
}

export interface Line {
  readonly self: ServerId;
  readonly machine: Machine;
  isCut: boolean;
  /** What is sent arrives, but no answer does. */
  isDeaf: boolean;
  /** It is always too late to take anything. */
  isLate: boolean;
}

/** How long a server waits for an answer, in ms. */
const answerMs = 2000;
const longestLatencyMs = 40;

export function createLeaseTable(time: VirtualTime, random: () => number): LeaseTable {
  const leases = new Map<NodeName, LeaseRecord>();
  const servers = new Map<ServerId, ServerRecord>();
  const listeners = new Map<() => void, Line>();
  const refusalListeners = new Set<(lease: Lease) => void>();
  const latency = (): number => random() * longestLatencyMs;

  function tellChange(): void {
    if (!table.tellsChanges) return;
    for (const [listener, line] of listeners) {
      const isMissed = random() < 0.1;
      time.after(latency(), () => {
        if (!isMissed && !isCut(line)) line.machine.deliver(listener);
      });
    }
  }

  const isCut = (line: Line): boolean => line.isCut || table.isDown;

  /** Steps reach the database one after the other; where the line is cut, some still arrive, when nobody waits for them any more. */
  function ask<T>(line: Line, steps: readonly (() => T)[]): Promise<T> {
    return new Promise((resolve, reject) => {
      time.after(answerMs, () => line.machine.deliver(() => reject(unreachable())));
      function next(index: number): void {
        const straysMs = random() < 0.3 ? random() * 4000 : Infinity;
        const travelMs = latency();
        time.after(travelMs, () => {
          if (!isCut(line)) arrive(index);
          else if (straysMs < Infinity) time.after(straysMs, () => table.isDown || arrive(index));
        });
      }
      function arrive(index: number): void {
        const answer = steps[index]?.() as T;
        if (index + 1 < steps.length) return next(index + 1);
        time.after(latency(), () => isCut(line) || line.isDeaf || line.machine.deliver(() => resolve(answer)));
      }
      next(0);
    });
  }

  function isOwn(self: ServerId, { node, fence }: Lease): boolean {
    const record = leases.get(node);
    return record?.owner === self && record.fence === fence;
  }

  function beatServer(id: ServerId, nodes: readonly NodeName[]): readonly Lease[] {
    servers.set(id, { id, nodes, beat: (servers.get(id)?.beat ?? 0) + 1 });
    return [];
  }

  function beatLeases(self: ServerId, held: readonly Lease[]): readonly Lease[] {
    const own = held.filter((lease) => isOwn(self, lease));
    for (const lease of own) change(lease.node, { owner: self, fence: lease.fence });
    return own;
  }

  function change(node: NodeName, to: Pick<LeaseRecord, "owner" | "fence">): void {
    leases.set(node, { node, ...to, beat: (leases.get(node)?.beat ?? 0) + 1 });
  }

  function take(self: ServerId, node: NodeName, seen: LeaseRecord | undefined): Lease | undefined {
    const record = leases.get(node);
    if (record?.owner !== seen?.owner || record?.beat !== seen?.beat || record?.fence !== seen?.fence) return undefined;
    const fence = (record?.fence ?? 0) + 1;
    change(node, { owner: self, fence });
    tellChange();
    return { node, fence };
  }

  function release(self: ServerId, lease: Lease): void {
    if (!isOwn(self, lease)) return;
    change(lease.node, { owner: null, fence: lease.fence });
    tellChange();
  }

  const table: LeaseTable = {
    isDown: false,
    tellsChanges: true,
    leases,
    servers,
    refuse(lease) {
      for (const listener of refusalListeners) listener(lease);
    },
    connect(line) {
      const { self } = line;
      return {
        self,
        look: () => ask(line, [() => ({ leases: [...leases.values()], servers: [...servers.values()] })]),
        beat: (held, nodes) => ask(line, [() => beatServer(self, nodes), () => beatLeases(self, held)]),
        take: (node, seen) => ask(line, [() => (line.isLate ? undefined : take(self, node, seen))]),
        release: (lease) => ask(line, [() => release(self, lease)]),
        leave: () => ask(line, [() => void servers.delete(self)]),
        forget: ({ id, beat }) => ask(line, [() => void (servers.get(id)?.beat === beat && servers.delete(id))]),
        onChange(listener, signal) {
          listeners.set(listener, line);
          signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
        },
        onRefusal(listener, signal) {
          refusalListeners.add(listener);
          signal.addEventListener("abort", () => refusalListeners.delete(listener), { once: true });
        },
      };
    },
  };
  return table;
}

function unreachable(): AppError {
  return new AppError("STORE_UNREACHABLE", "The false database did not answer.");
}
