/** The page that the demo prints: where to look, and commands to paste that show the whole way from host to subscriber. */
import type { Simulator } from "../simulator/simulator.ts";
import type { App } from "./app.ts";
import type { PowerState } from "./model.ts";

export interface DemoFacts {
  readonly app: Pick<App, "url" | "vmCount" | "inventory">;
  /** Where the web client is. */
  readonly pageUrl: string;
  readonly simulator: Simulator;
  /** The commands then take it from ECOMAN_TOKEN. */
  readonly needsToken: boolean;
}

/** Every command can be pasted as it is. */
export function demoGuide({ app, pageUrl, simulator, needsToken }: DemoFacts): string {
  const { url } = app;
  const subject = subjectOf(app, simulator);
  const graphql = `${url}/graphql`;
  const token = needsToken ? ` -H "authorization: Bearer $ECOMAN_TOKEN"` : "";
  const post = (query: string, options = "-s", headers = ""): string =>
    `curl ${options} ${graphql}${token} -H 'content-type: application/json'${headers} --data '${JSON.stringify({ query })}'`;
  const port = simulator.hosts.find(({ name }) => name === subject.node)?.port;
  const ssh = `ssh -p ${port} -i ${simulator.privateKeyPath} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@127.0.0.1`;

  return `
  ${pageUrl}

ECoMan shows ${app.vmCount()} VMs of ${simulator.hosts.length} simulated ESXi hosts: open the address above in a browser.

  The API           ${graphql}   there GraphiQL has tabs of operations that are ready to run
  The schema        ${url}/schema.graphql
  The hosts         ${simulator.hosts.map(({ name, port: sshPort }) => `${name} 127.0.0.1:${sshPort}`).join(", ")}

Try, each in another terminal:

  1. The VMs that take too much, with their node:

     ${post("{ vms(first: 5, filter: {exceeds: {any: true}}) { totalCount nodes { id vmid name powerState node { name } exceedsThreshold { cpu ram storage any } } } }")}

  2. Follow every change, over WebSocket and over server-sent events (leave them running):

     ECOMAN_URL=${graphql} npm run -s watch

     ${post("subscription { vmsChanged { kind revision upserted { name powerState } removed } }", "-sN", " -H 'accept: text/event-stream'")}

  3. Switch on ${subject.name}, a VM on ${subject.node}, and see it arrive in both:

     ${post(`mutation { setPower(input: {vmId: "${subject.id}", action: ON}) { task { id state } userErrors { code message path } } }`)}

     ${post(`{ vm(id: "${subject.id}") { name powerState tasks(first: 1) { nodes { state result commands hostOutput } } } }`)}

  4. Ask the host itself:

     ${ssh} vim-cmd vmsvc/power.getstate ${subject.vmid}
     ${ssh} vim-cmd vmsvc/getallvms

  5. Create a VM on ${subject.node}: follow the tasks (leave it running), create it, find it in the list and on the host:

     ${post("subscription { tasksChanged(filter: {kinds: [CREATE_VM]}) { upserted { vmName state progress result steps { name state detail } } } }", "-sN", " -H 'accept: text/event-stream'")}

     ${post(`mutation { createVm(input: {node: "${subject.node}", name: "try-me", memorySizeMb: 512, powerOn: true}) { task { id state } userErrors { code message path } } }`)}

     ${post(`{ vms(filter: {text: "try-me"}) { nodes { vmid name powerState node { name } } } }`)}

     ${ssh} 'vim-cmd vmsvc/getallvms | grep try-me'

Ctrl-C ends it.
`;
}

interface Subject {
  readonly id: string;
  readonly vmid: number;
  readonly name: string;
  readonly node: string;
}

/** A VM that can be switched on; any one where none is known to be off. */
function subjectOf({ inventory }: Pick<App, "inventory">, simulator: Simulator): Subject {
  const offOnes: { powerStates?: PowerState[] } = { powerStates: ["OFF"] };
  const stayers = simulator.hosts.slice(0, -1).map(({ name }) => name);
  for (const filter of [{ ...offOnes, nodes: stayers }, {}]) {
    const [vm] = inventory.vms({ filter, orderBy: [], page: { first: 1 } }).vms;
    if (vm !== undefined) return vm;
  }
  throw new Error("The simulated fleet has no VMs.");
}
