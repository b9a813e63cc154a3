/**
 * Port: who looks after which node, where several servers share one store. It keeps and compares; when a lease counts
 * as abandoned is decided by server/leases, by its own clock and never by another machine's.
 */
import type { NodeName } from "../model.ts";

/** The right of this server to look after a node: to crawl it and to run its tasks. */
export interface Lease {
  readonly node: NodeName;
  /** Rises by one with every change of hands: what is written under an older one is refused. */
  readonly fence: number;
}

/** Random, made at start: the same machine is another server after a restart. */
export type ServerId = string;

export interface LeaseRecord extends Lease {
  /** Null: free. */
  readonly owner: ServerId | null;
  /** Changes as long as the owner lives; says nothing about time. */
  readonly beat: number;
}

export interface ServerRecord {
  readonly id: ServerId;
  readonly beat: number;
  /** The nodes of its hosts.yml. */
  readonly nodes: readonly NodeName[];
}

export interface Leaseholders {
  /** One per node that was ever leased. */
  readonly leases: readonly LeaseRecord[];
  /** Those that said they are there and did not leave. */
  readonly servers: readonly ServerRecord[];
}

export interface LeaseStore {
  /** This server, as leases name it. */
  readonly self: ServerId;
  /** As it is now. @throws AppError STORE_UNREACHABLE within a few seconds; so do all the others, and may yet have been done */
  look(): Promise<Leaseholders>;
  /** Tells that this server is there (again, should it have been struck off), and renews what it holds. Answers those of `leases` that are still its own. */
  beat(leases: readonly Lease[], nodes: readonly NodeName[]): Promise<readonly Lease[]>;
  /**
   * Takes a node over from exactly what was seen of it (undefined: it was never leased; its owner may be this very server,
   * where the answer to taking it was lost). Resolves with the lease once the new
   * fence is in force: from then on nothing is written under an older one, and `load` shows all that was. Undefined: it was
   * no longer as seen.
   */
  take(node: NodeName, seen: LeaseRecord | undefined): Promise<Lease | undefined>;
  /** Sets the node free for others at once; harmless when it was lost meanwhile. */
  release(lease: Lease): Promise<void>;
  /** This server leaves: others need not wait to notice. */
  leave(): Promise<void>;
  /** Strikes off a server that is gone, if its beat is still as seen. */
  forget(server: ServerRecord): Promise<void>;
  /** Calls back when a lease was taken or set free by whomever; a hint that may be missed. Ends with the signal. */
  onChange(listener: () => void, signal: AbortSignal): void;
  /**
   * Calls back when a write of this server under a lease was refused, since as far as the store's writes are concerned another
   * one holds the node. Where the lease was taken over, the next beat tells too; where only a part of a database was restored
   * from a backup, beats may go on renewing it for good. Ends with the signal.
   */
  onRefusal(listener: (lease: Lease) => void, signal: AbortSignal): void;
}
