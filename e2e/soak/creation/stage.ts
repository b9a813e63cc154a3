/** A server in a process of its own before simulated hosts in this one, each host with an untouched twin, and all that is asked. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Random } from "../../../simulator/random.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../simulator/simulator.ts";
import { type ServerProcess, startServer } from "../../harness/server-process.ts";
import { newStorePlace } from "../../harness/store-place.ts";
import { until } from "../../harness/until.ts";
import {
  askForCreation,
  type CreationInput,
  type CreationTask,
  dryRun,
  knowsGuests,
  mountPointOf,
  Refused,
  readCreation,
} from "./creation-client.ts";
import { faultsOf, tidyAway } from "./judge.ts";
import type { Request } from "./request.ts";

export interface Stage extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly twins: Simulator;
  readonly url: string;
  readonly isRunning: boolean;
  readonly requests: readonly Request[];
  start(): Promise<void>;
  kill(): Promise<void>;
  /** A request for a new VM on one of the hosts. */
  draw(random: Random): Promise<Request>;
  /** Sends it, or sends it again under the same key. Never rejects for a lost answer. */
  ask(request: Request): Promise<void>;
  task(request: Request): Promise<CreationTask | null>;
  /** Sends everything again, waits for all ends, judges them, and removes what was created. @throws what is not true */
  settle(): Promise<void>;
}

export async function openStage(seed: number): Promise<Stage> {
  const vms = [{ name: "web" }, { name: "db", power: "ON" as const }];
  const options: SimulatorOptions = {
    seed,
    hosts: [{ vms }, { vms }, { vms }],
    delayMs: 60,
    taskMs: 20,
    guestMs: 50,
    diskMs: 900,
  };
  const [simulator, twins] = [await startSimulator(options), await startSimulator(options)];
  const folder = await mkdtemp(join(tmpdir(), "ecoman-creation-"));
  const hostsPath = join(folder, "hosts.yml");
  await writeFile(hostsPath, simulator.hostsYml());
  const store = await newStorePlace(folder);
  const env = { HOSTS_PATH: hostsPath, DATA_DIR: folder, CRAWLER_INTERVAL: "10", LOG_LEVEL: "info", ...store.env };
  const all: Request[] = [];
  let open: Request[] = [];
  let server: ServerProcess | undefined;

  const running = (): ServerProcess => {
    if (server === undefined) throw new Error("The server does not run.");
    return server;
  };

  async function ask(request: Request): Promise<void> {
    try {
      const id = await askForCreation(running().url, request.input);
      if (request.taskId !== undefined && request.taskId !== id)
        throw new Refused(`${id} instead of ${request.taskId}`);
      request.taskId = id;
    } catch (thrown) {
      if (thrown instanceof Refused) throw thrown;
    }
  }

  async function waitForEnd(request: Request): Promise<void> {
    const id = request.taskId ?? "";
    let last: CreationTask | null = null;
    request.task = await until(
      async () => {
        last = await readCreation(running().url, id, 30_000);
        return last?.finishedAt == null ? undefined : last;
      },
      { withinMs: 150_000, what: `the end of ${request.input.name} (${id})` },
    ).catch((error: unknown) => {
      throw new Error(`It has not ended: ${JSON.stringify(last)}`, { cause: error });
    });
  }

  return {
    simulator,
    twins,
    requests: all,
    get url() {
      return running().url;
    },
    get isRunning() {
      return server !== undefined;
    },
    async start() {
      server = await startServer(env);
      const { url } = server;
      // What a host knows of guests decides what is made.
      await until(async () => (await knowsGuests(url)) === simulator.hosts.length, {
        withinMs: 60_000,
        what: "the hosts to be read",
      });
    },
    async kill() {
      const dying = running();
      server = undefined;
      await dying.end("SIGKILL");
    },
    async draw(random) {
      const index = random.between(0, simulator.hosts.length - 1);
      const host = simulator.hosts[index];
      const twin = twins.hosts[index];
      if (host === undefined || twin === undefined) throw new Error("no host");
      const number = all.length + 1;
      const input: CreationInput = {
        node: host.name,
        name: random.pick([`new ${number}`, `vm-${number}_(test)+`, `New.${number}`]),
        datastore: random.pick(["datastore1", "nas01 backup"]),
        portGroup: random.pick(["VM Network", "Lab (isolated)"]),
        comment: random.pick(["", "two\nlines", 'quo"te | $(reboot) `id`', "Grüße 🖥"]),
        powerOn: random.chance(0.4),
        idempotencyKey: `creation-${number}`,
      };
      const vmx = await dryRun(running().url, input);
      const mountPoint = await mountPointOf(running().url, input);
      const request: Request = {
        input,
        host,
        twin,
        mountPoint,
        vmx,
        logLength: simulator.actionLog.length,
        wasCancelled: false,
        taskId: undefined,
        task: undefined,
      };
      all.push(request);
      open.push(request);
      return request;
    },
    ask,
    task: async ({ taskId }) => (taskId === undefined ? null : readCreation(running().url, taskId)),
    async settle() {
      const asked = open;
      open = [];
      await Promise.all(asked.map(ask));
      await Promise.all(asked.map(waitForEnd));
      const faults = (await Promise.all(asked.map((request) => faultsOf(request, simulator.actionLog)))).flat();
      const strays = await tidyAway(asked, simulator, twins);
      if (faults.length + strays.length > 0) throw new Error([...faults, ...strays].join("\n"));
    },
    async [Symbol.asyncDispose]() {
      await server?.end("SIGKILL");
      await simulator.close();
      await twins.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
