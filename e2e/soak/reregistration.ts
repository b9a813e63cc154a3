/** VMs are re-registered at random, their old numbers given to others, while their power is switched: no act hits another VM. */
import type { PowerAction } from "../../server/model.ts";
import { createRandom, type Random } from "../../simulator/random.ts";
import type { SimulatedHost, Simulator, SimVm } from "../../simulator/simulator.ts";
import { type SimulatedApp, startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";
import { endsOf } from "./power/ends-of.ts";
import { type Movers, startMovers } from "./power/movers.ts";
import { askForPower, type PowerTask, readTask, readVms } from "./power/power-client.ts";
import { judge, type Place, type Verdict } from "./power/truth.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";

export const reregistration: Scenario = {
  name: "reregistration",
  about: "1,000 VMs are re-registered at random while their power is switched; no act hits another VM",
  rounds: 3_000,
  run: (options) => reregister(options, { acceptsPaths: true, vmsPerHost: 250 }),
};

/** A host that takes a VM's number only leaves a moment between check and command: what strays then has to be told. */
export const reregistrationByNumber: Scenario = {
  name: "reregistration-by-number",
  about: "the same on hosts that take no path for a VM; an act that hits another VM is told by its task",
  rounds: 3_000,
  run: (options) => reregister(options, { acceptsPaths: false, vmsPerHost: 250 }),
};

export interface Fleet {
  readonly acceptsPaths: boolean;
  /** On each of four hosts. */
  readonly vmsPerHost: number;
}

/** So many requests are under way at once. */
const clients = 32;

interface Wish {
  readonly vmId: string;
  readonly vm: SimVm;
}

/** A round is one request. */
export async function reregister(options: ScenarioOptions, fleet: Fleet): Promise<Figures> {
  const { seed, rounds, onProgress = () => undefined } = options;
  const timing = { delayMs: 5, taskMs: 20, guestMs: 50, intervalSeconds: 2 };
  await using app = await startSimulatedApp({ seed, hosts: 4, ...fleet, ...timing });
  const places = await readPlaces(app);
  // A guest that ignores its shutdown would hold its task up for minutes.
  for (const host of app.simulator.hosts)
    for (const { vmid } of host.vms()) host.changeVm(vmid, { ignoresShutdown: false });
  const inWork = new Set<string>();
  const random = createRandom(seed, "reregistration");
  const movers = startMovers({ hosts: app.simulator.hosts, random: createRandom(seed, "movers"), inWork });
  const tasks: PowerTask[] = [];
  let asked = 0;
  let refused = 0;

  async function client(): Promise<void> {
    while (asked < rounds) {
      asked += 1;
      if (asked % 250 === 0) onProgress(`${asked} requests, ${movers.moves} re-registrations`);
      const wish = drawWish(app.simulator, { places, inWork, random });
      inWork.add(wish.vm.path);
      const task = await carryOut(app.url, wish, random);
      inWork.delete(wish.vm.path);
      if (task === undefined) refused += 1;
      else tasks.push(task);
    }
  }

  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    await movers.stop();
  }
  const verdict = judge({ tasks, places, log: app.simulator.actionLog });
  hold(verdict, fleet.acceptsPaths);
  await untilKnownAgain(app, places);
  return figuresOf({ tasks, refused, movers, verdict, app });
}

async function readPlaces({ url, simulator }: SimulatedApp): Promise<ReadonlyMap<string, Place>> {
  const count = simulator.hosts.reduce((sum, host) => sum + host.vms().length, 0);
  const known = await until(
    async () => {
      const vms = await readVms(url);
      return vms.length === count ? vms : undefined;
    },
    { withinMs: 60_000, what: `${count} VMs to be read` },
  );
  return new Map(
    known.map(({ id, node, place }) => {
      const vm = simulator
        .host(node)
        .vms()
        .find(({ datastorePath }) => datastorePath === place);
      if (vm === undefined) throw new Error(`${node} has no VM at ${place}`);
      return [id, { host: node, vmPath: vm.path, datastorePath: place, power: vm.power }];
    }),
  );
}

interface Drawing {
  readonly places: ReadonlyMap<string, Place>;
  readonly inWork: ReadonlySet<string>;
  readonly random: Random;
}

function drawWish(simulator: Simulator, { places, inWork, random }: Drawing): Wish {
  const ids = [...places.keys()];
  for (;;) {
    const vmId = random.pick(ids);
    const place = places.get(vmId);
    if (place === undefined || inWork.has(place.vmPath)) continue;
    return { vmId, vm: vmAt(simulator.host(place.host), place) };
  }
}

function vmAt(host: SimulatedHost, { vmPath }: Place): SimVm {
  const vm = host.vms().find(({ path }) => path === vmPath);
  if (vm === undefined) throw new Error(`${host.name} has no VM at ${vmPath} any more`);
  return vm;
}

const sensible: Readonly<Record<SimVm["power"], readonly PowerAction[]>> = {
  ON: ["OFF", "OFF", "SUSPEND", "RESET", "SHUTDOWN", "ON"],
  OFF: ["ON", "ON", "ON", "OFF"],
  SUSPENDED: ["ON", "OFF"],
};

async function carryOut(url: string, { vmId, vm }: Wish, random: Random): Promise<PowerTask | undefined> {
  const action = random.pick(sensible[vm.power]);
  const expected = random.chance(0.3) ? { expectedPowerState: vm.power } : {};
  const answer = await askForPower(url, { vmId, action, ...expected });
  if ("refused" in answer) return undefined;
  for (;;) {
    const task = await readTask(url, { id: answer.taskId, action, waitMs: 30_000 });
    if (task === undefined) throw new Error(`The task ${answer.taskId} is not there.`);
    if (task.finishedAt !== null) return task;
  }
}

function hold({ lies, strays, untold }: Verdict, acceptsPaths: boolean): void {
  const hits = acceptsPaths ? strays : untold;
  const faults = [...lies, ...hits.map((hit) => `on a VM that nobody meant: ${JSON.stringify(hit)}`)];
  if (faults.length > 0) throw new Error(`${faults.length} faults:\n${faults.slice(0, 20).join("\n")}`);
}

/** When all is quiet every VM is still who it was: one id, one place. */
async function untilKnownAgain({ url }: SimulatedApp, places: ReadonlyMap<string, Place>): Promise<void> {
  let confused: readonly string[] = [];
  const isClear = async (): Promise<boolean> => {
    const known = new Map((await readVms(url)).map((vm) => [vm.id, `${vm.node} ${vm.place}`]));
    const isKnown = ([id, { host, datastorePath }]: readonly [string, Place]): boolean =>
      known.get(id) === `${host} ${datastorePath}`;
    confused = [...places]
      .filter((entry) => !isKnown(entry))
      .map(([id, place]) => `${place.datastorePath}: ${known.get(id)}`);
    return confused.length === 0;
  };
  await until(isClear).catch(() => {
    throw new Error(`${confused.length} ids stand for another VM than at first:\n${confused.slice(0, 10).join("\n")}`);
  });
}

interface Outcome {
  readonly tasks: readonly PowerTask[];
  readonly refused: number;
  readonly movers: Movers;
  readonly verdict: Verdict;
  readonly app: SimulatedApp;
}

function figuresOf({ tasks, refused, movers, verdict, app }: Outcome): Figures {
  return {
    requests: tasks.length + refused,
    refusedAtOnce: refused,
    reregistrations: movers.moves,
    actions: app.simulator.actionLog.length,
    ...endsOf(tasks.map((task) => ({ task }))),
    actionsOnAnotherVm: verdict.strays.length,
    ofTheseUntold: verdict.untold.length,
  };
}
