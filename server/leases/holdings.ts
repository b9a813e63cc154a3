/** What this server holds, and until when: judged at the moment of every question, never by whether a timer came in time. */
import { type MonotonicClock, within } from "../clock.ts";
import type { Log } from "../log.ts";
import type { NodeName } from "../model.ts";
import type { Lease } from "../store/leases.ts";
import type { OwnLease } from "./decide.ts";
import type { Caretaker, LeaseLimits } from "./leases.ts";

export interface Holdings {
  readonly held: () => ReadonlyMap<NodeName, Lease>;
  readonly isHeld: (lease: Lease) => boolean;
  /** All that is this server's as far as it knows, also what ran out or is being given away: what a beat is to renew. */
  own(): ReadonlyMap<NodeName, OwnLease>;
  /** Nodes not let go of yet. */
  lingering(): ReadonlySet<NodeName>;
  /** `since`: when the call began that got it, by the monotonic clock. */
  gain(lease: Lease, since: number): void;
  /** Of those `asked` for, `confirmed` are still ours as of a call that began at `since`; the others are lost. */
  renew(asked: readonly Lease[], confirmed: readonly Lease[], since: number): void;
  /** Lets go of what ran out by now. */
  expire(): void;
  /** Resolves when the node is let go of; the lease is renewed until `drop`. */
  leave(lease: Lease): Promise<void>;
  drop(lease: Lease): void;
  /** Everything at once, without letting go; answers what it was. */
  clear(): readonly Lease[];
}

export interface HoldingsOptions {
  readonly clock: MonotonicClock;
  readonly log: Log;
  readonly limits: Pick<LeaseLimits, "leaseMs" | "marginMs">;
  readonly caretaker: Caretaker;
}

interface Holding {
  readonly lease: Lease;
  validUntil: number;
  phase: "held" | "out" | "leaving";
}

export function createHoldings({ clock, log, limits, caretaker }: HoldingsOptions): Holdings {
  const validMs = limits.leaseMs - limits.marginMs;
  const holdings = new Map<NodeName, Holding>();
  const lingering = new Map<NodeName, Promise<void>>();

  const isInForce = ({ phase, validUntil }: Holding): boolean => phase === "held" && clock.monotonic() < validUntil;

  function holdingOf({ node, fence }: Lease): Holding | undefined {
    const holding = holdings.get(node);
    return holding?.lease.fence === fence ? holding : undefined;
  }

  function letGo(node: NodeName): Promise<void> {
    const gone = caretaker
      .letGo(node)
      .catch((error: unknown) => log.error({ node, err: error }, "A node that this server gives up was not let go of"))
      .finally(() => {
        lingering.delete(node);
        const holding = holdings.get(node);
        if (holding !== undefined) enter(holding);
      });
    lingering.set(node, gone);
    return gone;
  }

  /** Not before the node was let go of, should it be confirmed again as soon as that. */
  function enter(holding: Holding): void {
    const { lease } = holding;
    if (holding.phase !== "out" || lingering.has(lease.node) || clock.monotonic() >= holding.validUntil) return;
    holding.phase = "held";
    caretaker.onHeld(lease);
  }

  function lose({ lease, phase }: Holding): void {
    holdings.delete(lease.node);
    if (phase === "leaving") return;
    log.warn({ node: lease.node, fence: lease.fence }, "Another server looks after the node by now.");
    if (phase === "held") void letGo(lease.node);
  }

  function expire(): void {
    const now = clock.monotonic();
    const ended = [...holdings.values()].filter(({ phase, validUntil }) => phase === "held" && now >= validUntil);
    if (ended.length === 0) return;
    const nodes = ended.map(({ lease }) => lease.node);
    log.warn({ nodes }, "Leases ran out before the store confirmed them again; their nodes are let go of.");
    for (const holding of ended) {
      holding.phase = "out";
      void letGo(holding.lease.node);
    }
  }

  return {
    held: () =>
      new Map([...holdings].filter(([, holding]) => isInForce(holding)).map(([node, { lease }]) => [node, lease])),
    isHeld(lease) {
      const holding = holdingOf(lease);
      return holding !== undefined && isInForce(holding);
    },
    own: () =>
      new Map(
        [...holdings].map(([node, { lease, phase }]) => [
          node,
          { lease, isLeaving: phase === "leaving", isBusy: caretaker.isBusy(node) },
        ]),
      ),
    lingering: () => new Set(lingering.keys()),
    gain(lease, since) {
      const holding: Holding = { lease, validUntil: since + validMs, phase: "out" };
      holdings.set(lease.node, holding);
      enter(holding);
    },
    renew(asked, confirmed, since) {
      expire();
      const fences = new Map(confirmed.map(({ node, fence }) => [node, fence]));
      for (const lease of asked) {
        const holding = holdingOf(lease);
        if (holding === undefined) continue;
        if (fences.get(lease.node) !== lease.fence) {
          lose(holding);
          continue;
        }
        holding.validUntil = since + validMs;
        enter(holding);
      }
    },
    expire,
    async leave(lease) {
      const holding = holdingOf(lease);
      if (holding === undefined) return;
      const { phase } = holding;
      holding.phase = "leaving";
      const gone = (phase === "held" ? letGo(lease.node) : lingering.get(lease.node)) ?? Promise.resolve();
      const isGone = await within(
        gone.then(() => true),
        limits.leaseMs,
        clock,
      );
      // Nothing under this lease is sent or stored any more, whatever still hangs; unattended the node must not stay.
      if (isGone !== true)
        log.warn(
          { node: lease.node },
          "Something of a node that is given away still hangs; it is given away all the same.",
        );
    },
    drop(lease) {
      if (holdingOf(lease) !== undefined) holdings.delete(lease.node);
    },
    clear() {
      const leases = [...holdings.values()].map(({ lease }) => lease);
      holdings.clear();
      return leases;
    },
  };
}
