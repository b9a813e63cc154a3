/** What changes the inventory. `at`: when it arrived, in ms of this browser's clock. */
import type {
  AboutQuery,
  NodeRowFragment,
  NodesChangedSubscription,
  TaskRowFragment,
  UsageChangedSubscription,
  VmPageQuery,
  VmsChangedSubscription,
} from "../gql/graphql.ts";

export type Message =
  | { readonly kind: "reading"; readonly of: "vms" | "nodes" | "tasks" }
  | { readonly kind: "read"; readonly of: "vms" | "nodes" | "tasks" }
  /** `isFirst`: its revision is the one to follow from. */
  | { readonly kind: "vmPage"; readonly page: VmPageQuery["vms"]; readonly isFirst: boolean; readonly at: number }
  | { readonly kind: "nodePage"; readonly nodes: readonly NodeRowFragment[] }
  | { readonly kind: "taskPage"; readonly tasks: readonly TaskRowFragment[] }
  | { readonly kind: "about"; readonly about: AboutQuery; readonly at: number }
  | { readonly kind: "vmsChanged"; readonly change: VmsChangedSubscription["vmsChanged"]; readonly at: number }
  | { readonly kind: "usageChanged"; readonly usages: Usages; readonly at: number }
  | { readonly kind: "nodesChanged"; readonly change: NodesChangedSubscription["nodesChanged"] }
  | { readonly kind: "tasksChanged"; readonly tasks: readonly TaskRowFragment[] };

export type Usages = UsageChangedSubscription["vmUsageChanged"]["usages"];
