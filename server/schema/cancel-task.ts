import { builder } from "./builder.ts";
import { payloadOf } from "./mutation-payload.ts";

const CancelTaskPayload = payloadOf("CancelTaskPayload", "What came of `cancelTask`.");

builder.mutationField("cancelTask", (t) =>
  t.field({
    type: CancelTaskPayload,
    description: "Cancels a task whose command was not sent yet; afterwards a CONFLICT says so.",
    args: { id: t.arg.id({ required: true, description: "The task's `id`." }) },
    resolve: async (_, { id }, { tasks, viewer }) => ({ subject: id, answer: await tasks.cancel(id, viewer.name) }),
  }),
);
