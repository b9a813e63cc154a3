/** The page that the demo prints: where to look, and commands to paste that show the whole way from host to subscriber. */
import type { Simulator } from "../simulator/simulator.ts";

export interface DemoFacts {
  readonly url: string;
  readonly simulator: Simulator;
  readonly vmCount: number;
}

export function demoGuide({ url, simulator, vmCount }: DemoFacts): string {
  const host = simulator.hosts[0];
  const graphql = `${url}/graphql`;
  const ssh = `ssh -p ${host?.port} -i ${simulator.privateKeyPath} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@127.0.0.1`;
  return `
ECoMan shows ${vmCount} VMs of ${simulator.hosts.length} simulated ESXi hosts.

  In the browser    ${graphql}   GraphiQL, with tabs of operations that are ready to run
  The schema        ${url}/schema.graphql
  The hosts         ${simulator.hosts.map(({ name, port }) => `${name} 127.0.0.1:${port}`).join(", ")}

Try, in another terminal:

  1. The VMs that take too much, with their node:

     curl -s ${graphql} -H 'content-type: application/json' --data '{"query":"{ vms(first: 5, filter: {exceeds: {any: true}}) { totalCount nodes { id vmid name powerState node { name } exceedsThreshold { cpu ram storage any } } } }"}'

  2. Follow every change (leave it running):

     curl -sN ${graphql} -H 'content-type: application/json' -H 'accept: text/event-stream' --data '{"query":"subscription { vmsChanged { kind revision upserted { name powerState } removed } }"}'

  3. Switch on a VM that is off on ${host?.name} (put its id from the first command's answer into the second):

     curl -s ${graphql} -H 'content-type: application/json' --data '{"query":"{ vms(first: 1, filter: {nodes: [\\"${host?.name}\\"], powerStates: [OFF]}) { nodes { id vmid name } } }"}'
     curl -s ${graphql} -H 'content-type: application/json' --data '{"query":"mutation { setPower(input: {vmId: \\"ID\\", action: ON}) { task { id state commands } userErrors { code message path } } }"}'

  4. Ask the host itself (put the vmid in):

     ${ssh} vim-cmd vmsvc/getallvms
     ${ssh} vim-cmd vmsvc/power.getstate VMID

Ctrl-C ends it.
`;
}
