import type { Vm } from "../model.ts";
import { builder } from "./builder.ts";

/** Its fields stand in vm.ts: VMs, nodes and tasks refer to each other. */
export const VmType = builder.objectRef<Vm>("Vm").implement({
  description: "A virtual machine on one of the nodes. What is not known (yet) is null, never zero.",
});
