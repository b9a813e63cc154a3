/**
 * The in-memory view: fed by `store.watch` alone; every query is answered from it synchronously and every
 * subscription is fed by it.
 */
import type { Node, NodeName, NodePulse, PowerState, Revision, Task, TaskId, Vm, VmId, VmUsage } from "./model.ts";

export interface Inventory {
  readonly revision: Revision;
  vm(id: VmId): Vm | undefined;
  usage(id: VmId): VmUsage | undefined;
  /** All matching VMs, filtered, ordered and cut to the page. @throws AppError INVALID_INPUT for a cursor it did not make */
  vms(query: VmQuery): VmPage;
  node(name: NodeName): Node | undefined;
  pulse(name: NodeName): NodePulse | undefined;
  /** By name. */
  nodes(): readonly Node[];
  vmsOf(node: NodeName): readonly Vm[];
  /** Resolves when this view holds at least `revision`; so that who wrote reads what he wrote. */
  caughtUp(revision: Revision): Promise<void>;

  /**
   * Changes after `since` (RESET when that is too old or unknown; one that another server told a moment ago is waited for);
   * without it the first message carries the revision only.
   */
  watchVms(filter: VmFilter, since: Revision | undefined, signal: AbortSignal): AsyncIterable<VmChange>;
  watchUsage(filter: VmFilter, signal: AbortSignal): AsyncIterable<readonly VmId[]>;
  watchNodes(signal: AbortSignal): AsyncIterable<NodeChange>;
  watchTasks(matches: (task: Task) => boolean, signal: AbortSignal): AsyncIterable<readonly Task[]>;
  /** The task as news last showed it, for those that have not ended; the store has the others. */
  liveTask(id: TaskId): Task | undefined;
}

/** All given conditions must hold; within a list any one. */
export interface VmFilter {
  /** Found, ignoring case, in name, hostname, IP address or comment. */
  readonly text?: string;
  readonly nodes?: readonly NodeName[];
  /** The VM's node carries at least one of them. */
  readonly nodeLabels?: readonly string[];
  readonly powerStates?: readonly PowerState[];
  readonly exceeds?: ThresholdFilter;
  readonly stale?: boolean;
  readonly ids?: readonly VmId[];
}

export interface ThresholdFilter {
  readonly cpu?: boolean;
  readonly ram?: boolean;
  readonly storage?: boolean;
  readonly any?: boolean;
}

export const vmOrderFields = [
  "NAME",
  "NODE",
  "POWER_STATE",
  "HOSTNAME",
  "IP_ADDRESS",
  "UPTIME",
  "NUM_CPU",
  "MEMORY_SIZE",
  "STORAGE_COMMITTED",
  "CPU_USAGE",
  "GUEST_MEMORY_USAGE",
  "HOST_MEMORY_USAGE",
  "GUEST_FULL_NAME",
  "COMMENT",
  "OBSERVED_AT",
] as const;
export type VmOrderField = (typeof vmOrderFields)[number];

export interface VmOrder {
  readonly field: VmOrderField;
  readonly direction: "ASC" | "DESC";
}

export interface VmQuery {
  readonly filter: VmFilter;
  /** Ties are broken by id; nulls come last in both directions. */
  readonly orderBy: readonly VmOrder[];
  readonly page: PageRequest;
}

/** Exactly one of `first` and `last`, already checked to be 1 to 1000. */
export interface PageRequest {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}

export interface VmPage {
  readonly vms: readonly Vm[];
  /** One per VM: stable while rows come and go. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly totalCount: number;
  readonly revision: Revision;
}

export interface VmChange {
  readonly kind: "CHANGES" | "RESET";
  readonly revision: Revision;
  readonly upserted: readonly Vm[];
  /** Deleted, or no longer matching. */
  readonly removed: readonly VmId[];
}

export interface NodeChange {
  readonly revision: Revision;
  /** Changed, or only their age moved. */
  readonly nodes: readonly Node[];
  readonly removed: readonly NodeName[];
}
