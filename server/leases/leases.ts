/**
 * Port: which nodes this server looks after, where several share one store. Every node has one server at a time, each its
 * fair share; who falls silent is replaced. Adapters: shared-leases.ts, and sole-leases.ts for a store that serves one server.
 */
import type { NodeName } from "../model.ts";
import type { Lease } from "../store/leases.ts";

export interface Leases {
  /**
   * The nodes of hosts.yml from now on; the first call starts it all. Resolves when they are taken by a server that is alone;
   * else at once: what is free is taken within a round.
   */
  setNodes(names: readonly NodeName[]): Promise<void>;
  /** What this server may look after at the very moment of the call: what ran out meanwhile is not among it. */
  held(): ReadonlyMap<NodeName, Lease>;
  /** Is this very lease in force at the moment of the call? To be asked again right before what can't be undone. */
  isHeld(lease: Lease): boolean;
  /** Resolves when this server has taken its share for the first time (or found none free), or is closed. Never rejects. */
  readonly ready: Promise<void>;
  /** Did `ready` resolve? */
  readonly hasShare: boolean;
  /** Are there other servers that could take over, as was last seen? */
  readonly hasOthers: boolean;
  /** This server is about to stop: it takes nothing more, and gives away at once what is not busy and what others can take. */
  drain(): void;
  /**
   * Gives everything up at once, so that others need not wait to notice. To be called when nothing of this server touches a
   * node any more: `letGo` is not called. Never rejects: what the store could not be told runs out by itself.
   */
  close(): Promise<void>;
}

/** What is done with a node as it comes and goes. */
export interface Caretaker {
  /** This server looks after the node from now on; must not throw. Also called for a lease that had run out and is confirmed again. */
  onHeld(lease: Lease): void;
  /**
   * The lease is lost, ran out, or is to be given away: resolves when nothing of this server touches the node any more. Where
   * the lease ran out another server may take over two seconds later. Never called twice without `onHeld` between.
   */
  letGo(node: NodeName): Promise<void>;
  /**
   * The node is held, is in the store, and no server that lives has it in its hosts.yml: it and its VMs are to be removed from
   * the store. Called again a round later as long as `storedNodes` has it.
   */
  removeOrphan(lease: Lease): Promise<void>;
  /** Are there tasks under way? Then the node is not given away for balance's sake. */
  isBusy(node: NodeName): boolean;
  /** Those in the store, whether in hosts.yml or not. */
  storedNodes(): readonly NodeName[];
}

export interface LeaseLimits {
  /** From the end of one round to the next, in ms. */
  readonly beatMs: number;
  /** As `beatMs`, after a round that failed. */
  readonly retryMs: number;
  /** Between two rounds at least, however often it is woken, in ms. */
  readonly minGapMs: number;
  /** Who did nothing for so long is dead, as far as others can tell, and what it held is taken over; in ms. */
  readonly leaseMs: number;
  /** By how much sooner its holder stops by itself, in ms: for clocks that run unevenly, and to let go. */
  readonly marginMs: number;
  /** How long a node may wait for the server that should take it before any other does, in ms. */
  readonly patienceMs: number;
  /** How long nobody must have named a node of the store before a server that did not hold it takes it to remove it, in ms. */
  readonly orphanMs: number;
  /** After how long a dead server is struck off, in ms. */
  readonly forgetMs: number;
  /** Nodes taken in one round at most: the next follows at once, and sees who came meanwhile. */
  readonly takesPerRound: number;
  /** Nodes on their way to another server at most. */
  readonly givesAtOnce: number;
}

export const defaultLeaseLimits: LeaseLimits = {
  beatMs: 2500,
  retryMs: 1000,
  minGapMs: 100,
  leaseMs: 10_000,
  marginMs: 2000,
  patienceMs: 5000,
  orphanMs: 60_000,
  forgetMs: 60_000,
  takesPerRound: 10,
  givesAtOnce: 4,
};
