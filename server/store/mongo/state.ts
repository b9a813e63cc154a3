/** What a server knows of the database: everything as of one journal entry, advanced by the next. */
import { isDeepStrictEqual } from "node:util";
import type { Node, NodeName, NodePulse, Task, TaskId, Vm, VmId, VmUsage } from "../../model.ts";
import { hasEnded } from "../../model.ts";
import type { ServerId } from "../leases.ts";
import type { InventoryChange, Pulse, StoredInventory, StoreNews } from "../store.ts";
import { formatRevision } from "../store.ts";
import type { Deed, Heads, JournalEntry } from "./journal.ts";

export interface StoredVm {
  readonly vm: Vm;
  /** The number of the revision that changed it last. */
  readonly revision: number;
}

export interface Holder {
  readonly owner: ServerId | null;
  readonly fence: number;
}

/** What a snapshot of the collections gives. */
export interface StateParts {
  readonly entry: JournalEntry;
  readonly nodes: Map<NodeName, Node>;
  readonly vms: Map<VmId, StoredVm>;
  /** Removed lately, with the number of the revision that removed them; oldest first. */
  readonly removed: Map<VmId, number>;
  readonly pulses: Map<NodeName, NodePulse>;
  readonly usages: Map<VmId, VmUsage>;
  readonly unfinished: Map<TaskId, Task>;
  readonly holders: Map<NodeName, Holder>;
}

export interface State extends Omit<StateParts, "entry"> {
  /** The last entry taken. */
  readonly last: JournalEntry;
  /** Advances by the next entry; answers what there is to tell of it. */
  take(entry: JournalEntry): StoreNews | undefined;
  /** What would hold after such an entry. */
  headsAfter(deed: Deed): Heads;
  load(): StoredInventory;
}

/** @param removedLimit how many removed VMs are remembered; the same for all servers of a database */
export function createState(parts: StateParts, removedLimit: number): State {
  const { nodes, vms, removed, pulses, usages, unfinished, holders } = parts;
  let last = parts.entry;

  function takeChange(change: InventoryChange, number: number): void {
    for (const name of change.removedNodes ?? []) {
      nodes.delete(name);
      pulses.delete(name);
    }
    for (const node of change.nodes ?? []) nodes.set(node.name, node);
    for (const id of change.removedVms ?? []) {
      vms.delete(id);
      usages.delete(id);
      removed.delete(id);
      removed.set(id, number);
    }
    for (const vm of change.vms ?? []) {
      vms.set(vm.id, { vm, revision: number });
      removed.delete(vm.id);
    }
  }

  function takePulse(pulse: Pulse): void {
    for (const nodePulse of pulse.nodes) if (nodes.has(nodePulse.node)) pulses.set(nodePulse.node, nodePulse);
    for (const usage of pulse.usages) if (vms.has(usage.vmId)) usages.set(usage.vmId, usage);
  }

  function takeTask(task: Task): void {
    if (hasEnded(task)) unfinished.delete(task.id);
    else unfinished.set(task.id, task);
  }

  function forgetRemoved(upTo: number): void {
    for (const [id, number] of removed) if (number <= upTo) removed.delete(id);
  }

  function oldestResumableAfter(deed: Deed, number: number): number {
    const { oldestResumable } = last;
    if (deed.kind !== "change" || (deed.change.removedVms ?? []).length === 0) return oldestResumable;
    const gone = new Set(deed.change.removedVms);
    const back = new Set(deed.change.vms?.map(({ id }) => id));
    const earlier = [...removed].filter(([id]) => !gone.has(id) && !back.has(id)).map(([, revision]) => revision);
    const revisions = [...earlier, ...[...gone].map(() => number)].sort((a, b) => b - a);
    // The removals of one revision leave together: a reader from just before it would else miss some of them.
    return revisions[removedLimit] ?? oldestResumable;
  }

  const revisionOf = (number: number): string => formatRevision({ epoch: last.epoch, number });

  return {
    nodes,
    vms,
    removed,
    pulses,
    usages,
    unfinished,
    holders,
    get last() {
      return last;
    },
    take(entry) {
      const { deed } = entry;
      const trims = entry.oldestResumable !== last.oldestResumable;
      last = entry;
      switch (deed.kind) {
        case "change":
          takeChange(deed.change, entry.revision);
          if (trims) forgetRemoved(entry.oldestResumable);
          return { kind: "change", revision: revisionOf(entry.revision), change: deed.change };
        case "recorded":
        case "saved":
          takeTask(deed.task);
          return { kind: "task", revision: revisionOf(entry.revision), task: deed.task };
        case "pulse":
          takePulse(deed.pulse);
          return { kind: "pulse", pulse: deed.pulse };
        case "audited":
          return { kind: "deed", deed: deedOf(deed) };
        case "lease":
          holders.set(deed.node, { owner: deed.owner, fence: deed.fence });
          return undefined;
        case "origin":
          return undefined;
        default:
          return deed satisfies never;
      }
    },
    headsAfter(deed) {
      const counts = deed.kind === "change" || deed.kind === "recorded" || deed.kind === "saved";
      const revision = last.revision + (counts ? 1 : 0);
      const audited = "audited" in deed ? { count: deed.audited.sequence, hash: deed.audited.hash } : last.audit;
      return { epoch: last.epoch, revision, oldestResumable: oldestResumableAfter(deed, revision), audit: audited };
    },
    load: () => ({
      revision: revisionOf(last.revision),
      nodes: [...nodes.values()],
      pulses: [...pulses.values()],
      vms: [...vms.values()].map(({ vm }) => vm),
      usages: [...usages.values()],
      removed: [...removed].map(([id, number]) => ({ id, revision: revisionOf(number) })),
      vmRevisions: new Map([...vms].map(([id, { revision }]) => [id, revisionOf(revision)])),
      oldestResumable: revisionOf(last.oldestResumable),
    }),
  };
}

function deedOf({ audited }: Extract<Deed, { kind: "audited" }>): Extract<StoreNews, { kind: "deed" }>["deed"] {
  const { actor, action, taskId, node, vmId, input } = audited;
  return { actor, action, taskId, node, vmId, input };
}

/** What of a change is not so already; undefined: nothing. */
export function whatDiffers({ nodes, vms }: State, change: InventoryChange): InventoryChange | undefined {
  const givenNodes = new Map(change.nodes?.map((node) => [node.name, node]));
  const givenVms = new Map(change.vms?.map((vm) => [vm.id, vm]));
  const differing = {
    nodes: [...givenNodes.values()].filter((node) => !isSame(nodes.get(node.name), node)),
    removedNodes: [...new Set(change.removedNodes)].filter((name) => !givenNodes.has(name) && nodes.has(name)),
    vms: [...givenVms.values()].filter((vm) => !isSame(vms.get(vm.id)?.vm, vm)),
    removedVms: [...new Set(change.removedVms)].filter((id) => !givenVms.has(id) && vms.has(id)),
  };
  return Object.values(differing).some((part) => part.length > 0) ? differing : undefined;
}

/** Whether what is stored says the same, whatever the order of its keys. */
export function isSame(stored: object | undefined, given: object): boolean {
  if (stored === undefined || stored === given) return stored === given;
  return isDeepStrictEqual(stored, given) || isDeepStrictEqual(stored, JSON.parse(JSON.stringify(given)));
}

/** The part of a pulse that is about what is stored; undefined: nothing. */
export function whatIsKnown({ nodes, vms }: State, pulse: Pulse): Pulse | undefined {
  const known = {
    nodes: pulse.nodes.filter(({ node }) => nodes.has(node)),
    usages: pulse.usages.filter(({ vmId }) => vms.has(vmId)),
  };
  return known.nodes.length + known.usages.length > 0 ? known : undefined;
}
