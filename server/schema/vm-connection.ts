import type { Inventory, VmFilter, VmPage } from "../inventory.ts";
import type { NodeName, Revision, Vm } from "../model.ts";
import { builder } from "./builder.ts";
import { connectionOf, type Page, pageArguments, pageRequest } from "./connection.ts";
import { NodeType } from "./node-type.ts";
import { VmFilterInput, VmOrderInput, vmFilter, vmOrder } from "./vm-filter.ts";
import { VmType } from "./vm-type.ts";

interface VmConnectionPage extends Page<Vm> {
  readonly revision: Revision;
}

const VmConnection = connectionOf<Vm, VmConnectionPage>("Vm", VmType);

builder.objectField(VmConnection, "revision", (t) =>
  t.exposeString("revision", {
    description:
      "The state of the inventory this page was read from. Subscribe to `vmsChanged` with it as `since` and miss " +
      "nothing; who reads several pages takes the first one's.",
  }),
);

builder.queryField("vms", (t) =>
  t.field({
    type: VmConnection,
    description: "The VMs of all nodes, filtered, ordered and paged.",
    args: {
      filter: t.arg({ type: VmFilterInput, description: "Which ones. Default: all." }),
      orderBy: t.arg({
        type: [VmOrderInput],
        description: "In which order; the first criterion first. Default: name.",
      }),
      ...pageArguments(t.arg),
    },
    resolve: (_, args, { inventory }) => vmPage(inventory, vmFilter(args.filter), args),
  }),
);

builder.objectField(NodeType, "vms", (t) =>
  t.field({
    type: VmConnection,
    description: "The VMs of this node, filtered, ordered and paged.",
    args: {
      filter: t.arg({ type: VmFilterInput, description: "Which ones. Default: all of this node." }),
      orderBy: t.arg({
        type: [VmOrderInput],
        description: "In which order; the first criterion first. Default: name.",
      }),
      ...pageArguments(t.arg),
    },
    resolve: (node, args, { inventory }) => vmPage(inventory, onlyOn(node.name, vmFilter(args.filter)), args),
  }),
);

builder.queryField("vm", (t) =>
  t.field({
    type: VmType,
    nullable: true,
    description: "One VM by its id; null when there is none.",
    args: { id: t.arg.id({ required: true, description: "The VM's `id`." }) },
    resolve: (_, { id }, { inventory }) => inventory.vm(id),
  }),
);

type VmPageArguments = Parameters<typeof pageRequest>[0] & { readonly orderBy?: Parameters<typeof vmOrder>[0] };

function vmPage(inventory: Inventory, filter: VmFilter, args: VmPageArguments): VmConnectionPage {
  const page: VmPage = inventory.vms({ filter, orderBy: vmOrder(args.orderBy), page: pageRequest(args) });
  return { ...page, items: page.vms };
}

function onlyOn(node: NodeName, filter: VmFilter): VmFilter {
  const wanted = filter.nodes === undefined || filter.nodes.includes(node);
  return { ...filter, nodes: wanted ? [node] : [] };
}
