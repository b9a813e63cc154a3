/** What the browser knows of the fleet. Plain values, never changed in place. */
import type { AboutQuery, NodeRowFragment, TaskRowFragment, VmRowFragment } from "../gql/graphql.ts";
import { type Collection, emptyCollection } from "./collection.ts";

export interface Vm extends Omit<VmRowFragment, "uptimeSeconds"> {
  readonly uptime: Uptime | null;
}

/** Seconds it had been running at a moment of this browser's clock (ms). It goes on from there unless the VM is stale. */
export interface Uptime {
  readonly seconds: number;
  readonly at: number;
}

export type Node = NodeRowFragment;
export type Task = TaskRowFragment;
export type About = AboutQuery;

export interface InventoryState {
  readonly vms: Collection<Vm>;
  readonly nodes: Collection<Node>;
  readonly tasks: Collection<Task>;
  /** From where changes of VMs are followed; undefined before the first page. */
  readonly revision: string | undefined;
  /** How many VMs there are, as the last page said: for the progress of the first reading. */
  readonly vmTotal: number | undefined;
  readonly about: About | undefined;
  /** The server's clock minus this browser's, in ms: ages are told by the server's. */
  readonly clockOffset: number;
}

export const emptyInventory: InventoryState = {
  vms: emptyCollection,
  nodes: emptyCollection,
  tasks: emptyCollection,
  revision: undefined,
  vmTotal: undefined,
  about: undefined,
  clockOffset: 0,
};

/** Did the first reading of VMs end? Before that an empty list says nothing. */
export function isComplete({ vms, revision }: InventoryState): boolean {
  return revision !== undefined && vms.reading === undefined;
}
