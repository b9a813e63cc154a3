/** Subscribers that stop reading while 2,000 VMs change again and again: bounded memory, and the same state in the end. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { SimulatedHost } from "../../simulator/simulator.ts";
import { query } from "../harness/graphql.ts";
import { pausableSse, pausableWs } from "../harness/pausable.ts";
import { type SimulatedApp, startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";
import { type Follower, startFollower } from "./resume/follower.ts";
import { readPages } from "./resume/read-pages.ts";
import { differences } from "./resume/vm-state.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";

export const slowReaders: Scenario = {
  name: "slow-readers",
  about:
    "subscribers stop reading while 2,000 VMs change every round; memory stays bounded and all end in the same state",
  // Beyond a minute they are cut, and resume.
  rounds: 60,
  run,
};

const readersOfEachKind = 3;
/** A message under way for each, and what a server that works hard needs besides. All together are owed 12 MB a round. */
const boundMb = 40;

async function run({ seed, rounds, onProgress = () => undefined }: ScenarioOptions): Promise<Figures> {
  await using closing = new AsyncDisposableStack();
  const simulated = closing.use(
    await startSimulatedApp({ seed, hosts: 10, vmsPerHost: 200, intervalSeconds: 4, delayMs: 500 }),
  );
  const { url } = simulated;
  const lines = Array.from({ length: readersOfEachKind }, () => [pausableWs(), pausableSse()]).flat();
  const readers = lines.map(({ subscribe }, index) =>
    startFollower({ name: `reader ${index}`, url, filter: {}, subscribe, pageSize: 1_000 }),
  );
  closing.defer(async () => {
    for (const line of lines) line.resume();
    await Promise.all(readers.map((reader) => reader.stop()));
  });
  await until(() => readers.every(({ messages }) => messages > 0), { withinMs: 60_000, what: "all to follow" });

  const cutsBefore = sum(readers, (reader) => reader.resumes);
  for (const line of lines) line.pause();
  const before = usedBytes();
  let mostBytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    await switchAll(simulated, round % 2 === 0 ? "OFF" : "ON");
    mostBytes = Math.max(mostBytes, usedBytes());
    onProgress(`round ${round + 1}: ${megabytes(usedBytes() - before)} MB more than at first`);
  }
  const messagesBefore = sum(readers, (reader) => reader.messages);
  for (const line of lines) line.resume();
  for (const reader of readers) await untilSame(reader, url);
  const grownMb = megabytes(mostBytes - before);
  if (grownMb > boundMb) throw new Error(`Memory grew by ${grownMb} MB; at most ${boundMb} were to be expected.`);
  return {
    readers: readers.length,
    vms: simulated.app.vmCount(),
    changesOfVms: rounds * simulated.app.vmCount(),
    grownMb,
    messagesAfterwardsPerReader: (sum(readers, (reader) => reader.messages) - messagesBefore) / readers.length,
    resumes: sum(readers, (reader) => reader.resumes) - cutsBefore,
    resets: sum(readers, (reader) => reader.resets),
  };
}

/** Resolves when the API tells it. Those that run are seen at once; the others may be UNKNOWN until they are read. */
async function switchAll({ url, simulator }: SimulatedApp, power: "ON" | "OFF"): Promise<void> {
  for (const host of simulator.hosts) for (const { vmid } of host.vms()) host.setPower(vmid, power);
  const total = simulator.hosts.reduce((count, host: SimulatedHost) => count + host.vms().length, 0);
  const running = `{ vms(filter: { powerStates: [ON] }) { totalCount } }`;
  const wanted = power === "ON" ? total : 0;
  const isTold = async (): Promise<boolean> =>
    (await query<{ vms: { totalCount: number } }>(url, running)).vms.totalCount === wanted;
  await until(isTold, { withinMs: 60_000, what: `${wanted} running VMs` });
}

async function untilSame(reader: Follower, url: string): Promise<void> {
  let found: readonly string[] = [];
  const same = async (): Promise<boolean> => {
    found = differences(reader.held, (await readPages(url, {}, 1_000)).vms);
    return found.length === 0;
  };
  await until(same, { withinMs: 60_000 }).catch(() => {
    throw new Error(
      `${reader.name} differs in ${found.length} VMs from a fresh query:\n${found.slice(0, 3).join("\n")}`,
    );
  });
}

/** What this process holds after a full collection: heap, and the buffers outside it. */
function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}

function sum(readers: readonly Follower[], of: (reader: Follower) => number): number {
  return readers.reduce((total, reader) => total + of(reader), 0);
}
