/** Subscribers whose lines break again and again, under churn: each ends with the state of a fresh query. */
import { createRandom, type Random } from "../../simulator/random.ts";
import { type CuttingProxy, startCuttingProxy } from "../harness/cutting-proxy.ts";
import { query, subscribeSse, subscribeWs } from "../harness/graphql.ts";
import { type SimulatedApp, startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";
import { startChurn } from "./resume/churn.ts";
import { type Follower, startFollower } from "./resume/follower.ts";
import { readPages } from "./resume/read-pages.ts";
import { differences } from "./resume/vm-state.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";

export const resume: Scenario = {
  name: "resume",
  about: "subscribers are cut at random under churn and resume; each ends with the state of a fresh query",
  rounds: 2_000,
  run,
};

const followers = [
  { name: "all by graphql-ws", subscribe: subscribeWs, filter: {} },
  { name: "all by SSE", subscribe: subscribeSse, filter: {} },
  { name: "those that run", subscribe: subscribeWs, filter: { powerStates: ["ON"] } },
  { name: "those with a text", subscribe: subscribeSse, filter: { text: "blue" } },
  { name: "the big ones", subscribe: subscribeWs, filter: { exceeds: { any: true } } },
  { name: "the stale ones", subscribe: subscribeSse, filter: { stale: true } },
  { name: "fresh ones of some nodes", subscribe: subscribeWs, filter: { stale: false, nodeLabels: ["lab"] } },
] as const;

/** A round is one resumption of every subscriber. */
async function run({ seed, rounds, onProgress = () => undefined }: ScenarioOptions): Promise<Figures> {
  const random = createRandom(seed, "resume");
  let port = 0;
  await using closing = new AsyncDisposableStack();
  const proxy = await startCuttingProxy({ targetPort: () => port, nextBreak: () => drawBreak(random) });
  closing.defer(() => proxy.close());
  const env = { ALLOWED_HOSTS: `127.0.0.1:${proxy.port}` };
  const simulated = closing.use(await startSimulatedApp({ seed, hosts: 4, vmsPerHost: 15, env }));
  port = portOf(simulated);

  const url = `http://127.0.0.1:${proxy.port}`;
  const clients = followers.map((follower) => startFollower({ ...follower, url }));
  closing.defer(async () => void (await Promise.all(clients.map((client) => client.stop()))));
  const churn = startChurn(simulated.simulator.hosts, createRandom(seed, "churn"), 20);
  closing.defer(() => churn.stop());
  const resumed = (): number => Math.min(...clients.map((client) => client.resumes));
  const patience = { withinMs: 30_000 + rounds * 2_000 };

  await until(() => resumed() >= rounds / 3, { ...patience, what: "the first third of the resumptions" });
  onProgress(`${resumed()} resumptions of each; the server restarts`);
  await simulated.restart();
  port = portOf(simulated);
  await until(() => resumed() >= (rounds * 2) / 3, { ...patience, what: "the second third of the resumptions" });
  onProgress(`${resumed()} resumptions of each; the server loses its database`);
  await simulated.restart(() => simulated.store.lose());
  port = portOf(simulated);
  await until(() => resumed() >= rounds, { ...patience, what: "the last third of the resumptions" });
  onProgress(`${resumed()} resumptions of each; all falls silent`);

  proxy.calm();
  await churn.stop();
  await untilTrue(simulated);
  for (const client of clients) await untilSame(client, simulated.url);
  return { ...figuresOf(clients, proxy), changes: churn.changes };
}

/** Half of them while something is said, in mid-message mostly; half at any time. */
function drawBreak(random: Random): { afterMs: number; afterBytes: number } {
  if (random.chance(0.5)) return { afterMs: 400, afterBytes: random.between(300, 8_000) };
  return { afterMs: random.between(0, 250), afterBytes: Number.POSITIVE_INFINITY };
}

function portOf({ url }: SimulatedApp): number {
  return Number(new URL(url).port);
}

/** Until the API tells what is true on the hosts: nothing is left to change. */
async function untilTrue({ url, simulator }: SimulatedApp): Promise<void> {
  const line = (node: string, name: string, power: string): string => `${node} ${name} ${power}`;
  const truth = simulator.hosts
    .flatMap((host) => host.vms().map((vm) => line(host.name, vm.name, vm.power)))
    .toSorted()
    .join("\n");
  const what = "the API to tell what is true on the hosts";
  await until(
    async () => {
      const { nodes } = await query<{ nodes: { nodes: { status: string }[] } }>(url, "{ nodes { nodes { status } } }");
      const { vms } = await readPages(url, {}, 500);
      const told = [...vms.values()].map((vm) => line(vm.node.name, vm.name, vm.powerState)).toSorted();
      return nodes.nodes.every(({ status }) => status === "ONLINE") && told.join("\n") === truth;
    },
    { withinMs: 60_000, what },
  );
}

async function untilSame(client: Follower, url: string): Promise<void> {
  let found: readonly string[] = [];
  const same = async (): Promise<boolean> => {
    found = differences(client.held, (await readPages(url, client.filter, 500)).vms);
    return found.length === 0;
  };
  await until(same).catch(() => {
    const shown = found.slice(0, 5).join("\n");
    throw new Error(`"${client.name}" differs in ${found.length} VMs from a fresh query:\n${shown}`);
  });
}

function figuresOf(clients: readonly Follower[], proxy: CuttingProxy): Figures {
  const sum = (of: (client: Follower) => number): number => clients.reduce((total, client) => total + of(client), 0);
  return {
    connectionsCut: proxy.cuts,
    resumes: sum((client) => client.resumes),
    resumesOfEachAtLeast: Math.min(...clients.map((client) => client.resumes)),
    messages: sum((client) => client.messages),
    resetsOfEachAtLeast: Math.min(...clients.map((client) => client.resets)),
    readsOfTheList: sum((client) => client.reads),
    subscribers: clients.length,
  };
}
