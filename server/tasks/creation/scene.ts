import type { Node, Vm } from "../../model.ts";

/** What is known of the node on which a VM is to be made. */
export interface Scene {
  readonly node: Node;
  /** The VMs of that node. */
  readonly vms: readonly Vm[];
}
