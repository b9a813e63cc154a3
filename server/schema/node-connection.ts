import type { Node } from "../model.ts";
import { builder } from "./builder.ts";
import { connectionOf, pageArguments, pageRequest } from "./connection.ts";
import { keysetPage } from "./keyset-page.ts";
import { NodeStatusEnum } from "./node.ts";
import { NodeType } from "./node-type.ts";

const NodeFilterInput = builder.inputType("NodeFilter", {
  description: "Which nodes. All given conditions must hold; within a list any one.",
  fields: (t) => ({
    names: t.stringList({ description: "One of these, by name." }),
    labels: t.stringList({ description: "Carries at least one of these labels." }),
    statuses: t.field({ type: [NodeStatusEnum], description: "In one of these statuses." }),
  }),
});

const NodeConnection = connectionOf<Node>("Node", NodeType);

builder.queryField("nodes", (t) =>
  t.field({
    type: NodeConnection,
    description: "The nodes of hosts.yml, by name.",
    args: {
      filter: t.arg({ type: NodeFilterInput, description: "Which ones. Default: all." }),
      ...pageArguments(t.arg),
    },
    resolve: (_, args, { inventory }) => {
      const nodes = inventory.nodes().filter((node) => matches(node, args.filter ?? {}));
      return keysetPage(nodes.toSorted(byName), (node) => node.name, pageRequest(args));
    },
  }),
);

builder.queryField("node", (t) =>
  t.field({
    type: NodeType,
    nullable: true,
    description: "One node by its name; null when there is none.",
    args: { name: t.arg.string({ required: true, description: "Its key in hosts.yml." }) },
    resolve: (_, { name }, { inventory }) => inventory.node(name),
  }),
);

function matches(node: Node, filter: (typeof NodeFilterInput)["$inferInput"]): boolean {
  return (
    (filter.names?.includes(node.name) ?? true) &&
    (filter.labels?.some((label) => node.labels.includes(label)) ?? true) &&
    (filter.statuses?.includes(node.status) ?? true)
  );
}

/** By code unit, as the cursors compare. */
function byName(a: Node, b: Node): number {
  return a.name < b.name ? -1 : 1;
}
