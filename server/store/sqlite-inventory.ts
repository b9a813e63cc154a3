/** Nodes and VMs in their tables. */
import type { Node, NodeName, Vm, VmId } from "../model.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import type { Ledger } from "./sqlite-ledger.ts";
import type { PulseTables } from "./sqlite-pulses.ts";
import { createRecordTable, isStoredAs, parseRecord } from "./sqlite-records.ts";
import type { RemovedVms } from "./sqlite-removed-vms.ts";
import type { InventoryChange, StoredInventory } from "./store.ts";

export interface InventoryTables {
  load(): StoredInventory;
  /** Answers what really changed; undefined: nothing, and nothing was written. */
  apply(change: InventoryChange): InventoryChange | undefined;
}

export interface InventoryTablesOptions {
  readonly file: SqliteFile;
  readonly ledger: Ledger;
  readonly pulses: PulseTables;
  readonly removedVms: RemovedVms;
}

export function createInventoryTables(options: InventoryTablesOptions): InventoryTables {
  const { file, ledger, pulses, removedVms } = options;
  const nodeTable = createRecordTable<Node>(file, { table: "node", key: "name" });
  const selectVms = file.db.prepare("SELECT revision, record FROM vm");
  const selectVm = file.db.prepare("SELECT record FROM vm WHERE id = ?");
  const upsertVm = file.db.prepare(
    "INSERT INTO vm (id, revision, record) VALUES (?, ?, ?) " +
      "ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, record = excluded.record",
  );
  const deleteVm = file.db.prepare("DELETE FROM vm WHERE id = ?");

  function removeNode(name: NodeName): boolean {
    pulses.deleteNode(name);
    return nodeTable.delete(name);
  }

  function removeVm(id: VmId, number: number): boolean {
    if (deleteVm.run(id).changes === 0) return false;
    pulses.deleteVm(id);
    removedVms.add(id, number);
    return true;
  }

  function putVm(vm: Vm, number: number): boolean {
    const stored = selectVm.get(vm.id);
    if (isStoredAs(stored?.["record"], vm)) return false;
    upsertVm.run(vm.id, number, JSON.stringify(vm));
    if (stored === undefined) removedVms.forget(vm.id);
    return true;
  }

  return {
    load: () =>
      file.read(() => {
        const nodes = nodeTable.all();
        const rows = selectVms
          .all()
          .map((row) => ({ revision: Number(row["revision"]), vm: parseRecord(row["record"]) as Vm }));
        const nodePulses = pulses.nodePulses();
        const usages = pulses.usages();
        return {
          revision: ledger.revision,
          nodes,
          pulses: nodes.flatMap((node) => nodePulses.get(node.name) ?? []),
          vms: rows.map((row) => row.vm),
          usages: rows.flatMap((row) => usages.get(row.vm.id) ?? []),
          removed: removedVms.all(),
          vmRevisions: new Map(rows.map((row) => [row.vm.id, ledger.revisionOf(row.revision)])),
          oldestResumable: removedVms.oldestResumable(),
        };
      }),

    apply(change) {
      const nodes = new Map(change.nodes?.map((node) => [node.name, node]));
      const vms = new Map(change.vms?.map((vm) => [vm.id, vm]));
      return ledger.commit((number) => {
        const written = {
          nodes: [...nodes.values()].filter((node) => nodeTable.put(node.name, node)),
          removedNodes: [...new Set(change.removedNodes)].filter((name) => !nodes.has(name) && removeNode(name)),
          vms: [...vms.values()].filter((vm) => putVm(vm, number)),
          removedVms: [...new Set(change.removedVms)].filter((id) => !vms.has(id) && removeVm(id, number)),
        };
        if (written.removedVms.length > 0) removedVms.trim();
        return Object.values(written).some((part) => part.length > 0) ? written : undefined;
      });
    },
  };
}
