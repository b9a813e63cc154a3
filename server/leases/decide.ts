/** What a server does about what it saw: a pure function, so that it can be looked at case by case. */
import type { NodeName } from "../model.ts";
import type { Lease, LeaseRecord, ServerId, ServerRecord } from "../store/leases.ts";
import type { LeaseLimits } from "./leases.ts";
import { type Stake, shareOut } from "./shares.ts";

export interface Scene {
  readonly self: ServerId;
  /** Those that live; this one is always among them. */
  readonly servers: readonly LivingServer[];
  readonly leases: readonly LeaseRecord[];
  /** For how long a node's lease (or that it has none) was seen unchanged, in ms. */
  readonly silentMs: (node: NodeName) => number;
  /** What this server holds, or held until it ran out. */
  readonly own: ReadonlyMap<NodeName, OwnLease>;
  /** Nodes that this server still touches, though it holds them no more. */
  readonly lingering: ReadonlySet<NodeName>;
  readonly stored: ReadonlySet<NodeName>;
  /** For how long a node of the store was seen to be named by nobody, in ms. */
  readonly unnamedMs: (node: NodeName) => number;
  /** This server is about to stop. */
  readonly isDraining: boolean;
  readonly limits: Pick<LeaseLimits, "leaseMs" | "patienceMs" | "orphanMs" | "takesPerRound" | "givesAtOnce">;
}

export interface LivingServer extends Pick<ServerRecord, "id" | "nodes"> {
  /** False: it keeps what it has as long as it lives, but should not be counted on for more. */
  readonly isTaking: boolean;
}

export interface OwnLease {
  readonly lease: Lease;
  /** It is being given away. */
  readonly isLeaving: boolean;
  readonly isBusy: boolean;
}

export interface Actions {
  /** In this order. */
  readonly takes: readonly Take[];
  /** More could be taken. */
  readonly isMoreToTake: boolean;
  readonly gives: readonly Lease[];
  /** Ours by name, though we do not hold them: the answer to taking or releasing them was lost. */
  readonly releases: readonly Lease[];
  /** Held, and in no hosts.yml. */
  readonly orphans: readonly Lease[];
}

export interface Take {
  readonly node: NodeName;
  readonly seen: LeaseRecord | undefined;
  /** Whose turn it was, and did not take it. */
  readonly insteadOf: ServerId | undefined;
}

/**
 * kept: its holder should go on holding it. parting: it will be free soon. open: it may be taken now. out: its holder is
 * dead as a server, but the lease itself was not seen unchanged for long enough.
 */
type Standing = "kept" | "parting" | "open" | "out";

export function decide(scene: Scene): Actions {
  const { self, limits, isDraining } = scene;
  const named = new Set(scene.servers.flatMap(({ nodes }) => nodes));
  const records = new Map(scene.leases.map((record) => [record.node, record]));
  const own = [...scene.own.values()].filter(({ isLeaving }) => !isLeaving);
  const orphaned = [...scene.stored].filter(
    (node) => !named.has(node) && !scene.own.has(node) && scene.unnamedMs(node) >= limits.orphanMs,
  );
  const standings = new Map([...named, ...orphaned].map((node) => [node, standingOf(scene, node, records.get(node))]));
  const targets = shareOut(
    scene.servers.map(({ id }) => id),
    [...standings].flatMap(([node, standing]) => (standing === "out" ? [] : [stakeOf(node, standing)])),
  );

  function stakeOf(node: NodeName, standing: Standing): Stake {
    const owner = records.get(node)?.owner ?? undefined;
    const isBusy = owner === self && scene.own.get(node)?.isBusy === true;
    return {
      node,
      candidates: candidatesFor(node),
      keeper: standing === "kept" ? owner : undefined,
      isMovable: !isBusy,
    };
  }

  function candidatesFor(node: NodeName): readonly ServerId[] {
    const willing = scene.servers.filter(
      ({ nodes, isTaking }) => isTaking && (nodes.includes(node) || !named.has(node)),
    );
    return willing.map(({ id }) => id);
  }

  function isToTake(node: NodeName): boolean {
    if (standings.get(node) !== "open" || scene.lingering.has(node)) return false;
    return targets.get(node) === self || (isOverdue(node) && candidatesFor(node).includes(self));
  }

  function takeOf(node: NodeName): Take {
    const target = targets.get(node);
    return { node, seen: records.get(node), insteadOf: target === self ? undefined : target };
  }

  /** Whose turn it is does not come. */
  function isOverdue(node: NodeName): boolean {
    const wasHeld = (records.get(node)?.owner ?? null) !== null;
    return scene.silentMs(node) >= limits.patienceMs + (wasHeld ? limits.leaseMs : 0);
  }

  /** By whom it is not meant to be held at all, it is given away at once; the others go a few at a time. */
  function givesOf(): readonly Lease[] {
    const meant = own.filter(({ lease, isBusy }) => {
      const target = targets.get(lease.node);
      return !isBusy && target !== undefined && target !== self;
    });
    const isListed = ({ lease }: OwnLease): boolean => candidatesFor(lease.node).includes(self);
    const room = Math.max(0, limits.givesAtOnce - (scene.own.size - own.length));
    const gone = own.filter(({ lease: { node } }) => !isDraining && !named.has(node) && !scene.stored.has(node));
    const chosen = [...meant.filter((one) => !isListed(one)), ...meant.filter(isListed).slice(0, room), ...gone];
    return chosen.map(({ lease }) => lease);
  }

  const takes = [...standings.keys()].filter(isToTake).map(takeOf);
  const taken = new Set(takes.map(({ node }) => node));
  return {
    takes: takes.slice(0, limits.takesPerRound),
    isMoreToTake: takes.length > limits.takesPerRound,
    gives: givesOf(),
    releases: scene.leases.filter((record) => isStray(scene, record) && !taken.has(record.node)),
    orphans: isDraining
      ? []
      : own.map(({ lease }) => lease).filter(({ node }) => !named.has(node) && scene.stored.has(node)),
  };
}

function standingOf(scene: Scene, node: NodeName, record: LeaseRecord | undefined): Standing {
  if (record === undefined || record.owner === null || isStray(scene, record)) return "open";
  const { owner } = record;
  if (owner !== scene.self && scene.silentMs(node) >= scene.limits.leaseMs) return "open";
  const server = scene.servers.find(({ id }) => id === owner);
  if (server === undefined) return "out";
  const isLeaving = owner === scene.self && scene.own.get(node)?.isLeaving === true;
  return server.nodes.includes(node) && !isLeaving ? "kept" : "parting";
}

function isStray({ self, own }: Scene, record: LeaseRecord): boolean {
  return record.owner === self && own.get(record.node)?.lease.fence !== record.fence;
}
