/** Fault rules: which one hits now. Rules are kept for the fleet and for each host; both are asked. */
import type { Random } from "./random.ts";
import type { FaultKind, FaultRule, Faults } from "./words.ts";

export interface FaultList extends Faults {
  /** The first rule of one of these kinds that hits, counted as a hit. */
  take(kinds: readonly FaultKind[], event: FaultEvent): LiveFault | undefined;
}

/** A rule that hits now. */
export interface LiveFault extends FaultRule {
  /** Resolves when the rule is taken away. */
  readonly whenGone: Promise<void>;
}

export interface FaultEvent {
  readonly host: string;
  /** The line of one command on the host, or null for a connection or a channel as a whole. */
  readonly line: string | null;
  /** May rules without `match` hit a command's line. Default false: they are meant for the channel. */
  readonly unmatchedToo?: boolean;
}

export function createFaultList(random: Random, initial: readonly FaultRule[] = []): FaultList {
  const live: { readonly rule: LiveFault; readonly gone: () => void; seen: number; hits: number }[] = [];
  const add = (rule: FaultRule): (() => void) => {
    const { promise: whenGone, resolve: gone } = Promise.withResolvers<void>();
    const entry = { rule: { ...rule, whenGone }, gone, seen: 0, hits: 0 };
    live.push(entry);
    return () => {
      const at = live.indexOf(entry);
      if (at !== -1) live.splice(at, 1);
      gone();
    };
  };
  for (const rule of initial) add(rule);
  return {
    add,
    clear: () => {
      for (const { gone } of live.splice(0)) gone();
    },
    take: (kinds, event) => {
      for (const entry of live) {
        if (!kinds.includes(entry.rule.kind) || !concerns(entry.rule, event)) continue;
        entry.seen += 1;
        if (entry.seen <= (entry.rule.skip ?? 0) || entry.hits >= countOf(entry.rule)) continue;
        if (!random.chance(entry.rule.probability ?? 1)) continue;
        entry.hits += 1;
        return entry.rule;
      }
      return undefined;
    },
  };
}

/** One list that asks several. `add` and `clear` are the first one's. */
export function joinFaults(own: FaultList, shared: FaultList): FaultList {
  return { ...own, take: (kinds, event) => own.take(kinds, event) ?? shared.take(kinds, event) };
}

function countOf(rule: FaultRule): number {
  return rule.count ?? (rule.kind === "hostd-restart" ? 1 : Number.POSITIVE_INFINITY);
}

function concerns(rule: FaultRule, { host, line, unmatchedToo = false }: FaultEvent): boolean {
  if (rule.host !== undefined && rule.host !== host) return false;
  if (line === null) return rule.match === undefined;
  return rule.match === undefined ? unmatchedToo : line.includes(rule.match);
}
