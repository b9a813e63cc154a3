import type { Node } from "../model.ts";
import { builder } from "./builder.ts";

/** Its fields stand in node.ts: VMs, nodes and tasks refer to each other. */
export const NodeType = builder.objectRef<Node>("Node").implement({
  description: "An ESXi host of hosts.yml. (Not the Node interface of Relay.)",
});
