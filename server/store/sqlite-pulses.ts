/** Ages and readings: held in memory, written once in a while. */
import type { NodeName, NodePulse, VmId, VmUsage } from "../model.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { createRecordTable } from "./sqlite-records.ts";
import type { Pulse } from "./store.ts";

export interface PulseTables {
  /** Answers the part of it that is about what is stored; the rest is dropped. */
  hold(pulse: Pulse): Pulse;
  /** Writes what is held. What fails to be written stays held. */
  flush(): void;
  /** The latest of each, written or not. */
  nodePulses(): ReadonlyMap<NodeName, NodePulse>;
  usages(): ReadonlyMap<VmId, VmUsage>;
  /** Within a transaction. */
  deleteNode(name: NodeName): void;
  deleteVm(id: VmId): void;
}

export function createPulseTables(file: SqliteFile): PulseTables {
  const nodeTable = createRecordTable<NodePulse>(file, { table: "node_pulse", key: "node" });
  const usageTable = createRecordTable<VmUsage>(file, { table: "vm_usage", key: "vm_id" });
  const hasNode = file.db.prepare("SELECT 1 FROM node WHERE name = ?");
  const hasVm = file.db.prepare("SELECT 1 FROM vm WHERE id = ?");
  const heldNodes = new Map<NodeName, NodePulse>();
  const heldUsages = new Map<VmId, VmUsage>();

  return {
    hold(pulse) {
      const nodes = pulse.nodes.filter(({ node }) => hasNode.get(node));
      const usages = pulse.usages.filter(({ vmId }) => hasVm.get(vmId));
      for (const nodePulse of nodes) heldNodes.set(nodePulse.node, nodePulse);
      for (const usage of usages) heldUsages.set(usage.vmId, usage);
      return { nodes, usages };
    },
    flush() {
      if (heldNodes.size + heldUsages.size === 0) return;
      file.write(() => {
        for (const [name, pulse] of heldNodes) nodeTable.put(name, pulse);
        for (const [id, usage] of heldUsages) usageTable.put(id, usage);
      });
      heldNodes.clear();
      heldUsages.clear();
    },
    nodePulses: () => new Map([...nodeTable.all().map((pulse) => [pulse.node, pulse] as const), ...heldNodes]),
    usages: () => new Map([...usageTable.all().map((usage) => [usage.vmId, usage] as const), ...heldUsages]),
    deleteNode(name) {
      heldNodes.delete(name);
      nodeTable.delete(name);
    },
    deleteVm(id) {
      heldUsages.delete(id);
      usageTable.delete(id);
    },
  };
}
