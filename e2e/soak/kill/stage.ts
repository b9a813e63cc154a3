/** A server in a process of its own before simulated hosts in this one, and all that is asked of it, kept for the judge. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PowerAction } from "../../../server/model.ts";
import type { Random } from "../../../simulator/random.ts";
import { type SimulatedHost, type Simulator, type SimVm, startSimulator } from "../../../simulator/simulator.ts";
import { type LingeringLine, startLingeringLine } from "../../harness/lingering-line.ts";
import { type Ended, type ServerProcess, startServer } from "../../harness/server-process.ts";
import { newStorePlace, type StorePlace } from "../../harness/store-place.ts";
import { until } from "../../harness/until.ts";
import { askForPower, type PowerTask, readTask, readVms } from "../power/power-client.ts";
import { judge, type Place } from "../power/truth.ts";

export interface Stage {
  readonly simulator: Simulator;
  readonly url: string;
  /** Of the server. */
  readonly store: StorePlace;
  readonly requests: readonly Request[];
  start(): Promise<void>;
  end(signal: "SIGKILL" | "SIGTERM"): Promise<Ended>;
  lineOf(request: Request): LingeringLine;
  /** A sensible request (for this action, where one is given) for a VM for which none was drawn since the last `settle`. */
  draw(random: Random, action?: PowerAction): Request;
  /** Sends it, or sends it again under the same key. Never rejects: an answer may get lost with the server. */
  ask(request: Request): Promise<void>;
  /** Asks for everything again under the same keys, and waits for the end of all tasks. @throws Error when something told is not true */
  settle(): Promise<void>;
  /** Does the log show that something was done to its VM since it was asked? */
  wasDone(request: Request): boolean;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Request {
  readonly key: string;
  readonly vmId: string;
  readonly vm: SimVm;
  readonly host: SimulatedHost;
  readonly action: PowerAction;
  /** How long the action log was when it was drawn. */
  readonly logLength: number;
  taskId: string | undefined;
  /** As last told. */
  task: PowerTask | undefined;
}

export const commandMs = 150;
/** A script of a server that died goes on for so long. */
export const lingerMs = 15_000;

export async function openStage(seed: number): Promise<Stage> {
  const vms = Array.from({ length: 6 }, (_, index) => ({
    name: `vm ${index + 1}`,
    power: index % 2 === 0 ? ("ON" as const) : ("OFF" as const),
    tools: "toolsOk" as const,
  }));
  const hosts = [{ vms }, { vms }];
  const simulator = await startSimulator({ seed, hosts, delayMs: commandMs, taskMs: 20, guestMs: 50 });
  const lines = new Map<SimulatedHost, LingeringLine>();
  for (const host of simulator.hosts) lines.set(host, await startLingeringLine({ targetPort: host.port, lingerMs }));
  const folder = await mkdtemp(join(tmpdir(), "ecoman-kill-"));
  const hostsPath = join(folder, "hosts.yml");
  await writeFile(hostsPath, throughLines(simulator, lines));
  const store = await newStorePlace(folder);
  const env = { HOSTS_PATH: hostsPath, DATA_DIR: folder, CRAWLER_INTERVAL: "10", LOG_LEVEL: "info", ...store.env };
  const requests: Request[] = [];
  const drawn = new Set<string>();
  let server: ServerProcess | undefined;
  let places: ReadonlyMap<string, Place> = new Map();

  const running = (): ServerProcess => {
    if (server === undefined) throw new Error("The server does not run.");
    return server;
  };

  async function ask(request: Request): Promise<void> {
    const { vmId, action, key } = request;
    const answer = await askForPower(running().url, { vmId, action, idempotencyKey: key }).catch(() => undefined);
    if (answer === undefined) return;
    if ("refused" in answer) throw new Error(`${key} was refused: ${answer.refused.join(", ")}`);
    if (request.taskId !== undefined && request.taskId !== answer.taskId)
      throw new Error(`${key} had the task ${request.taskId} and has ${answer.taskId} now.`);
    request.taskId = answer.taskId;
  }

  async function waitForEnd(request: Request): Promise<void> {
    const before = request.task;
    const id = request.taskId ?? "";
    const task = await until(
      async () => {
        const told = await readTask(running().url, { id, action: request.action, waitMs: 30_000 });
        return told?.finishedAt == null ? undefined : told;
      },
      { withinMs: 300_000, what: `the end of ${request.key}` },
    );
    if (before?.finishedAt != null && JSON.stringify(before) !== JSON.stringify(task))
      throw new Error(`An end that was told is another now:\n${JSON.stringify(before)}\n${JSON.stringify(task)}`);
    request.task = task;
  }

  return {
    simulator,
    store,
    requests,
    get url() {
      return running().url;
    },
    async start() {
      server = await startServer(env);
      if (places.size === 0) places = await placesOf(server.url, simulator);
    },
    async end(signal) {
      const ended = await running().end(signal);
      server = undefined;
      for (const line of lines.values()) line.mute(false);
      return ended;
    },
    lineOf({ host }) {
      const line = lines.get(host);
      if (line === undefined) throw new Error(`no line to ${host.name}`);
      return line;
    },
    draw(random, wanted) {
      const free = [...places]
        .filter(([id]) => !drawn.has(id))
        .map(([id, place]) => ({ id, ...vmAt(simulator, place) }));
      const fit = free.filter(({ vm }) => wanted === undefined || sensible[vm.power].includes(wanted));
      const { id: vmId, host, vm } = random.pick(fit);
      drawn.add(vmId);
      const key = `request-${requests.length + 1}`;
      const action = wanted ?? random.pick(sensible[vm.power]);
      const logLength = simulator.actionLog.length;
      const request: Request = { key, vmId, vm, host, action, logLength, taskId: undefined, task: undefined };
      requests.push(request);
      return request;
    },
    ask,
    async settle() {
      const open = requests.filter(({ vmId }) => drawn.has(vmId));
      await Promise.all(open.map(ask));
      await Promise.all(open.map(waitForEnd));
      drawn.clear();
      const tasks = requests.flatMap(({ task }) => task ?? []);
      const { lies, strays } = judge({ tasks, places, log: simulator.actionLog });
      const faults = [...lies, ...strays.map((stray) => `nobody asked for ${JSON.stringify(stray)}`)];
      if (faults.length > 0) throw new Error(`${faults.length} faults:\n${faults.join("\n")}`);
    },
    wasDone: ({ vm, host, logLength }) =>
      simulator.actionLog.slice(logLength).some((action) => action.host === host.name && action.vmPath === vm.path),
    async [Symbol.asyncDispose]() {
      await server?.end("SIGKILL");
      for (const line of lines.values()) await line.close();
      await simulator.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const sensible: Readonly<Record<SimVm["power"], readonly PowerAction[]>> = {
  ON: ["OFF", "SUSPEND", "RESET", "SHUTDOWN"],
  OFF: ["ON"],
  SUSPENDED: ["ON", "OFF"],
};

function vmAt(simulator: Simulator, place: Place): { host: SimulatedHost; vm: SimVm } {
  const host = simulator.host(place.host);
  const vm = host.vms().find(({ path }) => path === place.vmPath);
  if (vm === undefined) throw new Error(`no VM at ${place.vmPath}`);
  return { host, vm };
}

function throughLines(simulator: Simulator, lines: ReadonlyMap<SimulatedHost, LingeringLine>): string {
  let text = simulator.hostsYml();
  for (const [{ port }, line] of lines) text = text.replace(`port: ${port}\n`, `port: ${line.port}\n`);
  return text;
}

async function placesOf(url: string, simulator: Simulator): Promise<ReadonlyMap<string, Place>> {
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
