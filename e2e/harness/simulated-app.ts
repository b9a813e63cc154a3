/** The real app on simulated hosts, in this process, on a free port, with a data folder of its own. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, type AppOptions, createApp } from "../../server/app.ts";
import { readConfig } from "../../server/config/read.ts";
import { createLogger, type LogStream } from "../../server/logger.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/simulator.ts";
import { newStorePlace, type StorePlace } from "./store-place.ts";

export interface SimulatedAppOptions extends SimulatorOptions {
  /** Default 1. */
  readonly intervalSeconds?: number;
  /** Changes the hosts.yml that the simulator prints. */
  readonly hostsYml?: (printed: string, simulator: Simulator) => string;
  /** Further environment. */
  readonly env?: Record<string, string>;
  readonly deadlines?: AppOptions["deadlines"];
  /** In place of the web client as it was built. Absolute. */
  readonly clientFolder?: string;
}

export interface SimulatedApp {
  readonly app: App;
  readonly url: string;
  readonly simulator: Simulator;
  readonly folder: string;
  /** Where the app keeps its data. */
  readonly store: StorePlace;
  readonly hostsPath: string;
  /** Everything the app logged. */
  readonly logLines: readonly string[];
  /** Ends the app in order and starts it again on the same data; `between` runs while it is down. Does not wait for a scan. */
  reopen(between?: () => Promise<void>): Promise<void>;
  /** The same, and resolves when every node was looked at again. */
  restart(between?: () => Promise<void>): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Delays of the simulated commands are 0 unless asked for. Resolves when every node was looked at once. */
export async function startSimulatedApp(options: SimulatedAppOptions = {}): Promise<SimulatedApp> {
  const {
    intervalSeconds = 1,
    hostsYml = (printed: string) => printed,
    env = {},
    deadlines,
    clientFolder,
    ...simulated
  } = options;
  const folder = await mkdtemp(join(tmpdir(), "ecoman-e2e-"));
  const simulator = await startSimulator({ delayMs: 0, taskMs: 20, guestMs: 50, ...simulated });
  const hostsPath = join(folder, "hosts.yml");
  await writeFile(hostsPath, hostsYml(simulator.hostsYml(), simulator));
  const logLines: string[] = [];
  const stream: LogStream = { write: (line) => logLines.push(line) };

  const settings = { CRAWLER_INTERVAL: String(intervalSeconds), HOSTS_PATH: hostsPath, DATA_DIR: folder, PORT: "0" };
  const store = await newStorePlace(folder);

  async function open(): Promise<App> {
    const config = await readConfig({ env: { ...settings, ...store.env, ...env }, cwd: folder });
    return createApp(config, { log: createLogger("debug", stream), env, deadlines, clientFolder, leaseLimits });
  }

  // Nobody else shares the database: a node that left hosts.yml need not be kept for long.
  const leaseLimits = { orphanMs: 500 };
  let app = await open();
  await app.ready();

  async function reopen(between?: () => Promise<void>): Promise<void> {
    await app.close(1_000);
    await between?.();
    app = await open();
  }

  return {
    get app() {
      return app;
    },
    get url() {
      return app.url;
    },
    simulator,
    folder,
    store,
    hostsPath,
    logLines,
    reopen,
    async restart(between) {
      await reopen(between);
      await app.ready();
    },
    async [Symbol.asyncDispose]() {
      await app.close(1_000);
      await simulator.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
