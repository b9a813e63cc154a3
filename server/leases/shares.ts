/** Who should have which node: as even as the hosts.yml of each allow, with as few changes of hands as that takes. */
import type { NodeName } from "../model.ts";
import type { ServerId } from "../store/leases.ts";

export interface Stake {
  readonly node: NodeName;
  /** Those that could have it. */
  readonly candidates: readonly ServerId[];
  /** The candidate that has it; undefined: it is to be had. */
  readonly keeper: ServerId | undefined;
  /** False: it stays where it is. */
  readonly isMovable: boolean;
}

/**
 * Everybody who sees the same comes to the same answer, so that no two try for one node. What no candidate can take is
 * not in it.
 */
export function shareOut(servers: readonly ServerId[], stakes: readonly Stake[]): ReadonlyMap<NodeName, ServerId> {
  const ids = [...servers].sort();
  const loads = new Map<ServerId, number>(ids.map((id) => [id, 0]));
  const targets = new Map<NodeName, ServerId>();
  const loadOf = (id: ServerId): number => loads.get(id) ?? 0;
  const byLoad = (): readonly ServerId[] => ids.toSorted((one, other) => loadOf(one) - loadOf(other));

  function assign(node: NodeName, id: ServerId): void {
    const before = targets.get(node);
    if (before !== undefined) loads.set(before, loadOf(before) - 1);
    targets.set(node, id);
    loads.set(id, loadOf(id) + 1);
  }

  /** From the most to the least loaded; a difference of one is even enough. */
  function findMove(): { readonly node: NodeName; readonly to: ServerId } | undefined {
    const ranking = byLoad();
    for (const from of ranking.toReversed()) {
      for (const to of ranking.filter((id) => loadOf(id) + 2 <= loadOf(from))) {
        const stake = stakes.find(
          ({ node, candidates, isMovable }) => isMovable && targets.get(node) === from && candidates.includes(to),
        );
        if (stake !== undefined) return { node: stake.node, to };
      }
    }
    return undefined;
  }

  for (const { node, keeper } of stakes) if (keeper !== undefined) assign(node, keeper);
  for (const { node, candidates } of stakes.filter(({ keeper }) => keeper === undefined).sort(byChoice)) {
    const taker = byLoad().find((id) => candidates.includes(id));
    if (taker !== undefined) assign(node, taker);
  }
  for (let move = findMove(); move !== undefined; move = findMove()) assign(move.node, move.to);
  return targets;
}

/** Those first that few can take. */
function byChoice(one: Stake, other: Stake): number {
  return one.candidates.length - other.candidates.length || (one.node < other.node ? -1 : 1);
}
