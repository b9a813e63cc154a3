/** Several servers on one database: whatever befalls one of them, nothing is lost, doubled, sent twice or told wrongly. */
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../simulator/random.ts";
import type { SimulatedHost } from "../../simulator/simulator.ts";
import { endsOf } from "./power/ends-of.ts";
import { startChurn } from "./resume/churn.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";
import { type Cluster, openCluster, withoutWork } from "./servers/cluster.ts";
import { watchHands } from "./servers/hands.ts";
import { startObservers } from "./servers/observers.ts";
import { troubles } from "./servers/troubles.ts";
import { createWorkload } from "./servers/workload.ts";

export const servers: Scenario = {
  name: "servers",
  about: "three servers on one MongoDB under trouble, churn and power tasks; all end truthfully, all show the same",
  rounds: 100,
  run,
};

async function run({ seed, rounds, slack = 1, onProgress = () => undefined }: ScenarioOptions): Promise<Figures> {
  const random = createRandom(seed, "servers");
  const took = new Map<string, number[]>();
  await using closing = new AsyncDisposableStack();
  const cluster = closing.use(await openCluster({ seed, servers: 3, hosts: 30, interval: 2 }));
  onProgress(`on ${cluster.databaseName}`);
  await Promise.all(cluster.members.map((member) => member.start()));
  const hands = closing.use(await watchHands(cluster));
  await hands.even();
  const workload = await createWorkload(cluster, random);
  const observers = closing.use(startObservers(cluster));
  for (let round = 0; round < rounds; round += 1) {
    const churn = startChurn(withoutWork(cluster.simulator.hosts), createRandom(seed, `churn ${round}`), 50);
    workload.begin();
    await delay(random.between(500, 4_000));
    const trouble = troubles[round % troubles.length] ?? random.pick(troubles);
    const afterMs = await trouble.befall({ cluster, hands, random, slack });
    const taken = afterMs === undefined ? "" : `, taken over after ${Math.round(afterMs)} ms`;
    onProgress(`round ${round + 1}: ${trouble.name}${taken}`);
    if (afterMs !== undefined) took.set(trouble.name, [...(took.get(trouble.name) ?? []), afterMs]);
    await delay(random.between(500, 4_000));
    await Promise.all([workload.rest(), churn.stop()]);
    await hands.even();
    await observers.converge();
    oneLineEach(cluster.simulator.hosts);
    noErrors(cluster);
  }
  const resets = observers.followers.reduce((sum, { resets }) => sum + resets, 0);
  return {
    database: cluster.databaseName,
    actions: cluster.simulator.actionLog.length,
    ...endsOf(workload.tasks.map((task) => ({ task }))),
    ...takeOvers(took),
    databaseFaults: cluster.members.reduce((sum, { database: { struck } }) => sum + sumOf(struck), 0),
    messages: observers.followers.reduce((sum, { messages }) => sum + messages, 0),
    resets,
  };
}

/** At rest a host has one line, to the server that looks after it. */
function oneLineEach(hosts: readonly SimulatedHost[]): void {
  const many = hosts.filter((host) => host.sshCounts().openConnections > 1);
  if (many.length === 0) return;
  const words = many.map((host) => `${host.name}: ${host.sshCounts().openConnections}`);
  throw new Error(`More than one server talks to a host: ${words.join(", ")}`);
}

/** Nothing that befalls the servers is a fault of theirs, nor of those who tend them. */
function noErrors({ members }: Cluster): void {
  const errors = members.flatMap((member) => member.errors().map((line) => `  ${member.name}: ${line}`));
  if (errors.length > 0) throw new Error(`Servers logged errors:\n${errors.slice(0, 5).join("\n")}`);
}

function takeOvers(took: ReadonlyMap<string, readonly number[]>): Figures {
  const lines = [...took].map(([name, times]) => {
    const sorted = times.toSorted((a, b) => a - b).map(Math.round);
    return [
      `ms to take over when ${name} (least, median, most)`,
      [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].join(", "),
    ];
  });
  return Object.fromEntries(lines) as Figures;
}

function sumOf(counts: object): number {
  return Object.values(counts).reduce((sum: number, count) => sum + Number(count), 0);
}
