import { builder } from "./builder.ts";
import { payloadOf } from "./mutation-payload.ts";
import { NodeType } from "./node-type.ts";

const RefreshNodePayload = payloadOf("RefreshNodePayload", "What came of `refreshNode`.");

builder.objectField(RefreshNodePayload, "node", (t) =>
  t.field({
    type: NodeType,
    nullable: true,
    description: "The node as it is known now; its change follows by `nodesChanged`. Null when there is none.",
    resolve: ({ subject }, _, { inventory }) => inventory.node(subject),
  }),
);

builder.mutationField("refreshNode", (t) =>
  t.field({
    type: RefreshNodePayload,
    description:
      "Looks at a node in full now. The one way to try refused credentials again; within 15 minutes of a refusal " +
      "it is declined with the time left, because a few attempts would lock the account.",
    args: { name: t.arg.string({ required: true, description: "The node's `name`." }) },
    resolve: async (_, { name }, { tasks, viewer }) => ({
      subject: name,
      answer: await tasks.refreshNode({ actor: viewer.name, name }),
    }),
  }),
);
