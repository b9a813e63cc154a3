import { builder } from "./builder.ts";
import type { ServerInfo } from "./context.ts";

const ServerInfoType = builder.objectRef<ServerInfo>("ServerInfo").implement({
  description: "About this server.",
  fields: (t) => ({
    version: t.exposeString("version", { description: "Version of ECoMan." }),
    store: t.exposeString("store", { description: "Where it keeps what it knows, such as `sqlite`." }),
    startedAt: t.expose("startedAt", { type: "DateTime", description: "When it was started." }),
    nodeCount: t.int({
      description: "How many nodes it has.",
      resolve: (_, __, { inventory }) => inventory.nodes().length,
    }),
    now: t.field({
      type: "DateTime",
      description: "Its clock, by which all ages are to be told.",
      resolve: (_, __, { clock }) => new Date(clock.now()).toISOString(),
    }),
  }),
});

builder.queryField("serverInfo", (t) =>
  t.field({
    type: ServerInfoType,
    description: "About this server.",
    resolve: (_, __, { serverInfo }) => serverInfo,
  }),
);
