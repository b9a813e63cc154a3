/** The one place where the inventory changes: a message in, a new state out. Pure. */
import { addPage, applyChange, beginReading, type Collection, endReading } from "./collection.ts";
import type { Message, Usages } from "./message.ts";
import { nodeKind, taskKind, toVm, vmKind, withoutOldTasks, withUsage } from "./rows.ts";
import type { InventoryState } from "./state.ts";

export function apply(state: InventoryState, message: Message): InventoryState {
  switch (message.kind) {
    case "reading":
      return withCollection(state, message.of, beginReading);
    case "read":
      return withCollection(state, message.of, endReading);
    case "vmPage":
      return applyVmPage(state, message);
    case "nodePage":
      return { ...state, nodes: addPage(state.nodes, message.nodes, nodeKind) };
    case "taskPage":
      return { ...state, tasks: addPage(state.tasks, message.tasks, taskKind) };
    case "about":
      return {
        ...state,
        about: message.about,
        clockOffset: Date.parse(message.about.serverInfo.now) - message.at,
      };
    case "vmsChanged":
      return applyVmsChanged(state, message);
    case "usageChanged":
      return applyUsages(state, message.usages, message.at);
    case "nodesChanged":
      return { ...state, nodes: applyChange(state.nodes, message.change, nodeKind) };
    case "tasksChanged":
      return { ...state, tasks: withoutOldTasks(applyChange(state.tasks, { upserted: message.tasks }, taskKind)) };
  }
}

type Step = <Row>(collection: Collection<Row>) => Collection<Row>;

function withCollection(state: InventoryState, of: "vms" | "nodes" | "tasks", step: Step): InventoryState {
  switch (of) {
    case "vms":
      return { ...state, vms: step(state.vms) };
    case "nodes":
      return { ...state, nodes: step(state.nodes) };
    case "tasks":
      return { ...state, tasks: step(state.tasks) };
  }
}

function applyVmPage(state: InventoryState, { page, isFirst, at }: Message & { kind: "vmPage" }): InventoryState {
  const rows = page.nodes.map((row) => toVm(row, at));
  return {
    ...state,
    vms: addPage(state.vms, rows, vmKind),
    vmTotal: page.totalCount,
    revision: isFirst ? page.revision : state.revision,
  };
}

/** A RESET only moves the revision: what is shown stays until it was read again. */
function applyVmsChanged(state: InventoryState, { change, at }: Message & { kind: "vmsChanged" }): InventoryState {
  const upserted = change.upserted.map((row) => toVm(row, at));
  const vms = change.kind === "RESET" ? state.vms : applyChange(state.vms, { ...change, upserted }, vmKind);
  return { ...state, vms, revision: change.revision };
}

/** Readings do not count as changes of a VM: a page that is being read may be newer than they are. */
function applyUsages(state: InventoryState, usages: Usages, at: number): InventoryState {
  const { reading, rows } = state.vms;
  const upserted = usages.flatMap((usage) => {
    const vm = rows.get(usage.vmId);
    return vm === undefined ? [] : [withUsage(vm, usage, at)];
  });
  return { ...state, vms: { ...applyChange({ rows }, { upserted }, vmKind), reading } };
}
