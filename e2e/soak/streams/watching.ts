/** What somebody knows who loads a store once and then only listens; he loads again when he is told to. */
import { isDeepStrictEqual } from "node:util";
import type { Node, NodeName, NodePulse, Revision, Vm, VmId, VmUsage } from "../../../server/model.ts";
import type { InventoryChange, InventoryStore, Pulse, StoredInventory } from "../../../server/store/store.ts";

export interface Known {
  readonly revision: Revision;
  readonly nodes: ReadonlyMap<NodeName, Node>;
  readonly vms: ReadonlyMap<VmId, Vm>;
  readonly pulses: ReadonlyMap<NodeName, NodePulse>;
  readonly usages: ReadonlyMap<VmId, VmUsage>;
}

export interface Watching {
  state(): Known;
  readonly resets: number;
  /** From each commit to its news here, in ms; those missed by a reset are left out. */
  lagsOf(writtenAt: ReadonlyMap<Revision, number>): number[];
  stop(): Promise<void>;
}

export async function watchStore(store: InventoryStore): Promise<Watching> {
  const ending = new AbortController();
  const heardAt = new Map<Revision, number>();
  let known = holderOf(await store.load());
  let resets = 0;

  async function follow(): Promise<void> {
    while (!ending.signal.aborted) {
      for await (const news of store.watch(known.revision, ending.signal)) {
        if (news.kind === "change") known.change(news.change);
        if (news.kind === "pulse") known.pulse(news.pulse);
        if (news.kind === "reset") {
          resets += 1;
          known = holderOf(await store.load());
        }
        if (!("revision" in news)) continue;
        known.revision = news.revision;
        heardAt.set(news.revision, performance.now());
      }
    }
  }

  const following = follow();
  return {
    state: () => known,
    get resets() {
      return resets;
    },
    lagsOf: (writtenAt) =>
      [...writtenAt].flatMap(([revision, at]) => {
        const heard = heardAt.get(revision);
        return heard === undefined ? [] : [Math.max(0, heard - at)];
      }),
    async stop() {
      ending.abort();
      await following;
    },
  };
}

interface Holder extends Known {
  revision: Revision;
  change(change: InventoryChange): void;
  pulse(pulse: Pulse): void;
}

function holderOf(stored: StoredInventory): Holder {
  const nodes = new Map(stored.nodes.map((node) => [node.name, node]));
  const vms = new Map(stored.vms.map((vm) => [vm.id, vm]));
  const pulses = new Map(stored.pulses.map((pulse) => [pulse.node, pulse]));
  const usages = new Map(stored.usages.map((usage) => [usage.vmId, usage]));
  return {
    revision: stored.revision,
    nodes,
    vms,
    pulses,
    usages,
    change(change) {
      for (const node of change.nodes ?? []) nodes.set(node.name, node);
      for (const id of change.removedVms ?? []) {
        vms.delete(id);
        usages.delete(id);
      }
      for (const vm of change.vms ?? []) vms.set(vm.id, vm);
    },
    pulse(pulse) {
      for (const each of pulse.nodes) pulses.set(each.node, each);
      for (const usage of pulse.usages) usages.set(usage.vmId, usage);
    },
  };
}

export function differencesBetween(stored: StoredInventory, known: Known): readonly string[] {
  const expected = holderOf(stored);
  return (["revision", "nodes", "vms", "pulses", "usages"] as const).flatMap((part) =>
    isDeepStrictEqual(expected[part], known[part]) ? [] : [`${part} differ`],
  );
}
