/** Power tasks asked of whichever server answers, again under the same key until one does, and followed to their ends. */
import { setTimeout as delay } from "node:timers/promises";
import type { PowerAction } from "../../../server/model.ts";
import type { Random } from "../../../simulator/random.ts";
import type { Simulator, SimVm } from "../../../simulator/simulator.ts";
import { until } from "../../harness/until.ts";
import { askForPower, hasEnded, type PowerTask, readTask, readVms } from "../power/power-client.ts";
import { judge, type Place } from "../power/truth.ts";
import { type Cluster, isForWork, type Member } from "./cluster.ts";

export interface Workload {
  /** Asks for more and more until `rest`. */
  begin(): void;
  /** No new ones; resolves when all have ended. @throws Error when something told is not true */
  rest(): Promise<void>;
  readonly tasks: readonly PowerTask[];
}

/** Codes after which the same may be asked of another server. */
const passing = new Set(["SHUTTING_DOWN", "LEASE_LOST", "STORE_UNREACHABLE"]);
const pauseMs = 300;
const underWayAtMost = 12;

export async function createWorkload(cluster: Cluster, random: Random): Promise<Workload> {
  const { simulator } = cluster;
  const places = await placesOf(cluster);
  const inWork = new Set<string>();
  const tasks = new Map<string, PowerTask>();
  const work = new Set<Promise<void>>();
  const faults: string[] = [];
  let resting: AbortController | undefined;
  let count = 0;

  async function anyMember(): Promise<Member> {
    return until(() => (cluster.running().length === 0 ? undefined : random.pick(cluster.running())));
  }

  /** Undefined: no server can tell now. */
  async function tryAsking(vmId: string, action: PowerAction, key: string): Promise<string | undefined> {
    const { url } = await anyMember();
    const answer = await askForPower(url, { vmId, action, idempotencyKey: key }).catch(() => undefined);
    if (answer === undefined) return undefined;
    if ("taskId" in answer) return answer.taskId;
    if (answer.refused.every((code) => passing.has(code))) return undefined;
    throw new Error(`${key} (${action} of ${vmId}) was refused: ${answer.refused.join(", ")}`);
  }

  async function follow(id: string, action: PowerAction): Promise<PowerTask> {
    return until(
      async () => {
        const { url } = await anyMember();
        const task = await readTask(url, { id, action, waitMs: 3_000 }).catch(() => undefined);
        if (task !== undefined) tasks.set(id, task);
        if (task === undefined || !hasEnded(task)) await delay(pauseMs);
        return task !== undefined && hasEnded(task) ? task : undefined;
      },
      { withinMs: 240_000, what: `the end of ${id}: ${JSON.stringify(tasks.get(id))}` },
    );
  }

  async function askAndFollow(vmId: string, vm: SimVm): Promise<void> {
    count += 1;
    const key = `request-${count}`;
    const action = random.pick(sensible[vm.power]);
    inWork.add(vmId);
    try {
      const patience = { withinMs: 180_000, what: `an answer to ${key}` };
      const id = await until(async () => {
        const told = await tryAsking(vmId, action, key);
        if (told === undefined) await delay(pauseMs);
        return told;
      }, patience);
      await follow(id, action);
    } catch (thrown) {
      faults.push(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      inWork.delete(vmId);
    }
  }

  function draw(): void {
    const free = [...places].filter(([id]) => !inWork.has(id));
    if (inWork.size >= underWayAtMost || free.length === 0) return;
    const [vmId, place] = random.pick(free);
    const done = askAndFollow(vmId, vmAt(simulator, place)).finally(() => work.delete(done));
    work.add(done);
  }

  return {
    get tasks() {
      return [...tasks.values()];
    },
    begin() {
      const mine = new AbortController();
      resting = mine;
      void (async () => {
        while (!mine.signal.aborted) {
          draw();
          await delay(random.between(20, 250));
        }
      })();
    },
    async rest() {
      resting?.abort();
      await Promise.all(work);
      const { lies, strays } = judge({ tasks: [...tasks.values()], places, log: simulator.actionLog });
      const all = [...faults, ...lies, ...strays.map((stray) => `nobody asked for ${JSON.stringify(stray)}`)];
      if (all.length > 0) throw new Error(`${all.length} faults:\n${all.join("\n")}`);
    },
  };
}

const sensible: Readonly<Record<SimVm["power"], readonly PowerAction[]>> = {
  ON: ["OFF", "SUSPEND", "RESET", "SHUTDOWN"],
  OFF: ["ON"],
  SUSPENDED: ["ON", "OFF"],
};

function vmAt(simulator: Simulator, { host, vmPath }: Place): SimVm {
  const vm = simulator
    .host(host)
    .vms()
    .find(({ path }) => path === vmPath);
  if (vm === undefined) throw new Error(`no VM at ${vmPath}`);
  return vm;
}

/** The VMs that tasks are about, by id; those of the last host stay out, since it goes away again and again. */
async function placesOf({ simulator, members }: Cluster): Promise<ReadonlyMap<string, Place>> {
  const url = members[0]?.url ?? "";
  const expected = simulator.hosts.slice(0, -1).flatMap((host) =>
    host
      .vms()
      .filter(({ name }) => isForWork(name))
      .map((vm) => ({ host: host.name, vm })),
  );
  const known = await until(
    async () => {
      const vms = new Map((await readVms(url)).map(({ id, node, place }) => [`${node} ${place}`, id]));
      const found = expected.flatMap(({ host, vm }) => {
        const id = vms.get(`${host} ${vm.datastorePath}`);
        return id === undefined ? [] : [{ id, host, vm }];
      });
      return found.length === expected.length ? found : undefined;
    },
    { withinMs: 90_000, what: `${expected.length} VMs to be read` },
  );
  return new Map(
    known.map(({ id, host, vm }) => [id, { host, vmPath: vm.path, datastorePath: vm.datastorePath, power: vm.power }]),
  );
}
