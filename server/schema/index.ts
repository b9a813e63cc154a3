import type { GraphQLSchema } from "graphql";
import { builder } from "./builder.ts";
import "./scalars.ts";
import "./thresholds.ts";
import "./vm.ts";
import "./vm-connection.ts";
import "./vm-usage.ts";
import "./node.ts";
import "./node-connection.ts";
import "./task.ts";
import "./task-connection.ts";
import "./create-vm.ts";
import "./set-power.ts";
import "./answer-question.ts";
import "./refresh-node.ts";
import "./cancel-task.ts";
import "./subscription.ts";
import "./server-info.ts";
import "./viewer.ts";

export { type Context, type ContextParts, createContext, type ServerInfo } from "./context.ts";
export type { TaskLog } from "./ports.ts";

builder.queryType({ description: "What can be read." });
builder.mutationType({ description: "What can be done. Each answers at once with the task that does it." });
builder.subscriptionType({ description: "What can be followed, by graphql-transport-ws or SSE." });

/** The executable schema; its SDL is kept in schema.graphql. */
export function buildSchema(): GraphQLSchema {
  return builder.toSchema();
}
