import type { ThresholdFilter, VmFilter, VmOrder, VmOrderField } from "../inventory.ts";
import { builder } from "./builder.ts";
import { describedEnum } from "./described-enum.ts";
import { withoutNulls } from "./inputs.ts";
import { PowerStateEnum } from "./vm-states.ts";

const ThresholdFilterInput = builder.inputType("ThresholdFilter", {
  description: "By the limits a VM reaches. All given conditions must hold.",
  fields: (t) => ({
    cpu: t.boolean({ description: "Reaches the limit of virtual CPUs (or, if false, does not)." }),
    ram: t.boolean({ description: "Reaches the limit of memory (or does not)." }),
    storage: t.boolean({ description: "Reaches the limit of storage (or does not)." }),
    any: t.boolean({ description: "Reaches at least one limit (or none)." }),
  }),
});

export const VmFilterInput = builder.inputType("VmFilter", {
  description: "Which VMs. All given conditions must hold; within a list any one.",
  fields: (t) => ({
    text: t.string({ description: "Found, ignoring case, in name, hostname, IP address or comment." }),
    nodes: t.stringList({ description: "On one of these nodes, by name." }),
    nodeLabels: t.stringList({ description: "On a node that carries at least one of these labels." }),
    powerStates: t.field({ type: [PowerStateEnum], description: "In one of these power states." }),
    exceeds: t.field({ type: ThresholdFilterInput, description: "By the limits it reaches." }),
    stale: t.boolean({ description: "Stale (or, if false, not)." }),
    ids: t.idList({ description: "One of these VMs." }),
  }),
});

const VmOrderFieldEnum = describedEnum<VmOrderField>("VmOrderField", "What VMs can be ordered by.", {
  NAME: "Name, ignoring case.",
  NODE: "Name of the node.",
  POWER_STATE: "Power state.",
  HOSTNAME: "The guest's host name.",
  IP_ADDRESS: "The guest's primary IP address, by its numbers.",
  UPTIME: "Seconds it has been running.",
  NUM_CPU: "Number of virtual CPUs.",
  MEMORY_SIZE: "Configured memory.",
  STORAGE_COMMITTED: "Committed storage.",
  CPU_USAGE: "CPU in use.",
  GUEST_MEMORY_USAGE: "Memory the guest actively uses.",
  HOST_MEMORY_USAGE: "Memory of the host the VM takes.",
  GUEST_FULL_NAME: "Guest system.",
  COMMENT: "Comment.",
  OBSERVED_AT: "When it was last read.",
});

const OrderDirectionEnum = describedEnum<VmOrder["direction"]>("OrderDirection", "Which way round. Nulls come last.", {
  ASC: "Smallest first.",
  DESC: "Largest first.",
});

export const VmOrderInput = builder.inputType("VmOrder", {
  description: "One criterion of an order.",
  fields: (t) => ({
    field: t.field({ type: VmOrderFieldEnum, required: true, description: "By what." }),
    direction: t.field({
      type: OrderDirectionEnum,
      required: true,
      defaultValue: "ASC",
      description: "Which way round. Default ASC.",
    }),
  }),
});

type GivenFilter = (typeof VmFilterInput)["$inferInput"];
type GivenOrder = readonly (typeof VmOrderInput)["$inferInput"][];

export function vmFilter(given: GivenFilter | null | undefined): VmFilter {
  const { exceeds, ...conditions } = withoutNulls(given ?? {});
  const limits: ThresholdFilter | undefined = exceeds && withoutNulls(exceeds);
  return limits === undefined ? conditions : { ...conditions, exceeds: limits };
}

/** By name where nothing is asked for. */
export function vmOrder(given: GivenOrder | null | undefined): readonly VmOrder[] {
  return given && given.length > 0 ? given : [{ field: "NAME", direction: "ASC" }];
}
