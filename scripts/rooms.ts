/** The rooms of this project and the doors between them, as CONTRIBUTING.md's table states them. */

export interface Room {
  /** The first room that matches a path is its room. */
  readonly match: RegExp;
  /** Other project files that may be imported besides the room's own. */
  readonly may: readonly RegExp[];
  /** npm packages; what is not listed may not be imported. */
  readonly packages: readonly string[];
  /** Said when a wall is run through: where the right door is. */
  readonly door: string;
}

const words = /^server\/(model|errors|clock|log)\.ts$/;
const configTypes = /^server\/config\.ts$/;
const driverPort = /^server\/esxi\/(driver|creation|observation)\.ts$/;
/** With how its news are followed: by the port alone, whatever the adapter. */
const storePort = /^server\/store\/(store|leases|follow)\.ts$/;
const leaseStorePort = /^server\/store\/leases\.ts$/;
const leasesPort = /^server\/leases\/leases\.ts$/;
const archivePort = /^server\/store\/archive\.ts$/;
const inventoryPort = /^server\/inventory\.ts$/;
const fleet = /^server\/fleet\.ts$/;
const crawlerPort = /^server\/crawler\/crawler\.ts$/;
const tasksPort = /^server\/tasks\/tasks\.ts$/;
const ports = [
  words,
  configTypes,
  driverPort,
  storePort,
  leaseStorePort,
  leasesPort,
  inventoryPort,
  fleet,
  crawlerPort,
  tasksPort,
];
const edge = [...ports, /^server\/(auth|schema|http)\//];
const graphql = ["graphql", "graphql-yoga", "graphql-ws", "ws", "dataloader"];
/** What is below the client's pages. */
const clientParts = [/^client\/(api|inventory|format|ui)\//, /^client\/context\.ts$/];
const clientPackages = ["solid-js", "@solidjs/router"];

/** A room may always import itself. Tests may import everything, but those of a program of its own not another one. */
export const rooms: readonly Room[] = [
  { match: /^server\/model\.ts$/, may: [], packages: [], door: "model.ts imports nothing: it is only words" },
  { match: /^server\/(errors|clock|log)\.ts$/, may: [], packages: [], door: "this file imports no other file" },
  {
    match: /^server\/config(\.ts$|\/)/,
    may: [words, configTypes, /^server\/config\//],
    packages: ["yaml", "mongodb-connection-string-url"],
    door: "config only reads files and environment; hand it values through readConfig",
  },
  {
    match: /^server\/(logger\.ts$|logging\/)/,
    may: [words, configTypes, /^server\/logging\//],
    packages: ["pino"],
    door: "rooms take a Log (server/log.ts) and leave the logger to app.ts",
  },
  {
    match: /^server\/esxi\/ssh\//,
    may: [words, configTypes, /^server\/esxi\//],
    packages: ["ssh2"],
    door: "esxi knows neither store, crawler, tasks nor schema: they call the driver port",
  },
  {
    match: /^server\/esxi\//,
    may: [words, configTypes],
    packages: ["fast-xml-parser"],
    door: "esxi speaks to a host through shell.ts; only esxi/ssh knows ssh2",
  },
  {
    match: /^server\/store\//,
    may: [words],
    packages: ["mongodb"],
    door: "the store keeps records of model.ts and knows nothing of who makes them",
  },
  {
    match: /^server\/leases\//,
    may: [words, leaseStorePort],
    packages: [],
    door: "who looks after a node is decided over the port store/leases.ts; what that means is told by callbacks",
  },
  {
    match: /^server\/backup\//,
    may: [words, archivePort],
    packages: [],
    door: "a backup knows the archive port (store/archive.ts); which store it is, backup.ts and restore.ts tell it",
  },
  {
    match: /^server\/inventory(\.ts$|\/)/,
    may: [words, storePort, inventoryPort, /^server\/inventory\//],
    packages: [],
    door: "the inventory hears of changes through the store port (store/store.ts)",
  },
  {
    match: /^server\/fleet\.ts$/,
    may: [words, configTypes, driverPort],
    packages: [],
    door: "the fleet is handed an openDriver function by app.ts",
  },
  {
    match: /^server\/crawler\//,
    may: [words, configTypes, driverPort, storePort, leaseStorePort, leasesPort, fleet],
    packages: [],
    door: "the crawler uses the ports of driver, store and leases (esxi/driver.ts, store/store.ts, leases/leases.ts)",
  },
  {
    match: /^server\/tasks\//,
    may: ports,
    packages: [],
    door: "tasks use the ports of driver, store, leases, inventory and crawler, never their insides",
  },
  {
    match: /^server\/auth\//,
    may: edge,
    packages: graphql,
    door: "auth answers who is asking; what it needs is handed to it by app.ts",
  },
  {
    match: /^server\/(schema|http)\//,
    may: edge,
    packages: [...graphql, "@pothos/*", "@graphql-yoga/*", "sirv"],
    door: "a resolver reaches everything through its context (schema/context.ts), typed by the ports",
  },
  {
    // The app and the files it is made of: the only place where adapters meet ports.
    match:
      /^server\/(app|backup|caretaker|demo|demo-guide|ecoman-version|follow-hosts|main|node-opener|open-leases|open-store|restore|run-until-signal|start-failure)\.ts$/,
    may: [/^(server|simulator)\//],
    packages: [],
    door: "",
  },
  {
    match: /^simulator\//,
    may: [],
    packages: ["ssh2", "just-bash"],
    door: "the simulator is a program of its own: what both need is written twice, on purpose",
  },
  { match: /^client\/format\//, may: [], packages: [], door: "format turns values into words and knows nothing else" },
  {
    match: /^client\/api\//,
    may: [],
    packages: ["@urql/core", "graphql-ws"],
    door: "api carries operations and knows none: whoever needs one has its .graphql file beside it",
  },
  {
    match: /^client\/inventory\//,
    may: [/^client\/api\//],
    packages: ["solid-js"],
    door: "the inventory holds what arrives; pages read it through useApp()",
  },
  {
    match: /^client\/ui\//,
    may: [/^client\/format\//],
    packages: ["solid-js", "@kobalte/*"],
    door: "a part is given everything by its properties",
  },
  {
    match: /^client\/actions\//,
    may: clientParts,
    packages: clientPackages,
    door: "an action may be used by every page, so it knows none",
  },
  {
    match: /^client\/tasks\//,
    may: [...clientParts, /^client\/actions\//],
    packages: clientPackages,
    door: "a task looks the same on every page and in the shell, so it knows none of them",
  },
  {
    match: /^client\/shell\//,
    may: [...clientParts, /^client\/(actions|tasks)\//],
    packages: clientPackages,
    door: "the shell stands around pages and knows none: routes.tsx names them",
  },
  {
    match: /^client\/pages\//,
    may: [...clientParts, /^client\/(actions|tasks)\//],
    packages: clientPackages,
    door: "a page reaches everything through useApp() (client/context.ts); what two pages need stands in ui, actions, tasks or format",
  },
  {
    match: /^client\//,
    may: [/^client\//],
    packages: ["solid-js", "@solidjs/router"],
    door: "the client knows the server by schema.graphql alone",
  },
  { match: /^(e2e|bench|scripts)\/|^[^/]+$/, may: [/./], packages: ["*"], door: "" },
];
