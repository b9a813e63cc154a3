/** Several servers on one database before the same simulated hosts, each behind doors of its own that stay where they are. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, type Random } from "../../../simulator/random.ts";
import { type SimulatedHost, type Simulator, startSimulator } from "../../../simulator/simulator.ts";
import { type CuttingProxy, startCuttingProxy } from "../../harness/cutting-proxy.ts";
import { type MongoProxy, startMongoProxy } from "../../harness/mongo/proxy.ts";
import { findMongo, type TestDatabase } from "../../harness/mongo/server.ts";
import { type ServerProcess, startServer } from "../../harness/server-process.ts";

/** One of the servers, whichever process it is just now. */
export interface Member {
  readonly name: string;
  /** Where clients find it, over restarts. */
  readonly url: string;
  /** Its way to the database. */
  readonly database: MongoProxy;
  readonly server: ServerProcess | undefined;
  /** As leases name it. @throws Error when it does not run */
  readonly id: string;
  /** What it logged as errors so far, over restarts: no trouble here is one. */
  errors(): readonly string[];
  start(): Promise<void>;
  /** Answers how long it took, in ms. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<number>;
  /** Stands still, or goes on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
}

export interface Cluster {
  readonly simulator: Simulator;
  readonly database: TestDatabase;
  /** Which MongoDB that is. */
  readonly databaseName: string;
  readonly members: readonly Member[];
  /** Leads to any of those that run, drawn anew for each connection, and breaks it after some seconds. */
  readonly anyUrl: string;
  running(): readonly Member[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ClusterOptions {
  readonly seed: number;
  readonly servers: number;
  readonly hosts: number;
  /** Seconds. */
  readonly interval: number;
}

/** On each host: VMs for tasks, and others that change by themselves. */
const vmsPerHost = { work: 2, churn: 4 };
export const isForWork = (name: string): boolean => name.startsWith("work ");

export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const mongo = await findMongo();
  const database = mongo.newDatabase();
  const vms = [
    ...Array.from({ length: vmsPerHost.work }, (_, index) => ({
      name: `work ${index + 1}`,
      power: index % 2 === 0 ? ("ON" as const) : ("OFF" as const),
      tools: "toolsOk" as const,
    })),
    ...Array.from({ length: vmsPerHost.churn }, (_, index) => ({ name: `blue ${index + 1}` })),
  ];
  const hosts = Array.from({ length: options.hosts }, () => ({ vms }));
  const simulator = await startSimulator({ seed: options.seed, hosts, delayMs: 20, taskMs: 20, guestMs: 50 });
  const folder = await mkdtemp(join(tmpdir(), "ecoman-servers-"));
  const hostsPath = join(folder, "hosts.yml");
  await writeFile(hostsPath, simulator.hostsYml());
  const env = {
    HOSTS_PATH: hostsPath,
    DATA_DIR: folder,
    CRAWLER_INTERVAL: String(options.interval),
    LOG_LEVEL: "info",
    MONGO_DBNAME: database.dbName,
  };
  const members: MemberAndDoors[] = [];
  const running = (): readonly Member[] => members.filter(({ server }) => server !== undefined);
  const random = createRandom(options.seed, "doors");
  const anyDoor = await startCuttingProxy({
    targetPort: () => (running().length === 0 ? closedPort : portOf(random.pick(running()).server)),
    nextBreak: () => ({ afterMs: random.between(1_000, 8_000), afterBytes: Number.POSITIVE_INFINITY }),
  });
  for (let index = 0; index < options.servers; index += 1) {
    const allowed = `127.0.0.1:${anyDoor.port}`;
    members.push(
      await openMember(`server ${index + 1}`, { ...env, ALLOWED_HOSTS: allowed }, { url: database.url, random }),
    );
  }
  return {
    simulator,
    database,
    databaseName: mongo.name,
    members,
    anyUrl: `http://127.0.0.1:${anyDoor.port}`,
    running,
    async [Symbol.asyncDispose]() {
      await Promise.all(members.map((member) => member.close()));
      await anyDoor.close();
      await simulator.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface MemberAndDoors extends Member {
  close(): Promise<void>;
}

interface Ways {
  readonly url: string;
  readonly random: Random;
}

async function openMember(name: string, env: Record<string, string>, ways: Ways): Promise<MemberAndDoors> {
  const { url: databaseUrl, random } = ways;
  const database = await startMongoProxy({ target: databaseUrl, random: () => random.next() });
  let server: ServerProcess | undefined;
  const processes: ServerProcess[] = [];
  const door: CuttingProxy = await startCuttingProxy({
    targetPort: () => portOf(server),
    nextBreak: () => ({ afterMs: 2 ** 31 - 1, afterBytes: Number.POSITIVE_INFINITY }),
  });
  const doorAddress = `127.0.0.1:${door.port}`;
  return {
    name,
    url: `http://${doorAddress}`,
    database,
    get server() {
      return server;
    },
    get id() {
      const line = server?.logLines.find((text) => text.includes('"server":"'));
      const id = /"server":"([^"]+)"/.exec(line ?? "")?.[1];
      if (id === undefined) throw new Error(`${name} did not tell what it is called.`);
      return id;
    },
    async start() {
      const allowed = `${env["ALLOWED_HOSTS"] ?? ""},${doorAddress}`;
      server = await startServer({ ...env, ALLOWED_HOSTS: allowed, MONGO_URL: database.url });
      processes.push(server);
    },
    errors: () => processes.flatMap(({ logLines }) => logLines.filter((line) => /"level":"(error|fatal)"/.test(line))),
    async end(signal) {
      const ended = await server?.end(signal);
      server = undefined;
      return ended?.afterMs ?? 0;
    },
    signal: (signal) => server?.signal(signal),
    async close() {
      server?.signal("SIGCONT");
      await server?.end("SIGKILL");
      await door.close();
      await database.close();
    },
  };
}

/** Nobody listens there: a server that does not run refuses. */
const closedPort = 9;

function portOf(server: ServerProcess | undefined): number {
  return server === undefined ? closedPort : Number(new URL(server.url).port);
}

/** The hosts as a churn may see them: without the VMs that tasks are about. */
export function withoutWork(hosts: readonly SimulatedHost[]): readonly SimulatedHost[] {
  return hosts.map((host) =>
    Object.create(host, { vms: { value: () => host.vms().filter(({ name }) => !isForWork(name)) } }),
  );
}
