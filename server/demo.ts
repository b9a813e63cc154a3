/** `npm run demo`: the whole app on a simulated fleet, with the embedded store, and a page of what to try. */
import { mkdir, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { startSimulator } from "../simulator/simulator.ts";
import { createApp } from "./app.ts";
import { readConfig } from "./config/read.ts";
import { demoGuide } from "./demo-guide.ts";
import { createLogger } from "./logger.ts";
import { runUntilSignal } from "./run-until-signal.ts";
import { explainFailure } from "./start-failure.ts";

const dataDir = resolve(process.env["DATA_DIR"] ?? "data/demo");
const hostsPath = resolve(dataDir, "hosts.yml");

const simulator = await startSimulator({
  seed: 7,
  hosts: 6,
  vmsPerHost: 40,
  lively: true,
  dataDir: resolve(dataDir, "simulator"),
});
await mkdir(dataDir, { recursive: true });
await writeFile(hostsPath, simulator.hostsYml());

/** What is shown here must not get into the database of a server that is in earnest. */
const given = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MONGO_")));
const env = { CRAWLER_INTERVAL: "10", LOG_LEVEL: "warn", ...given, HOSTS_PATH: hostsPath, DATA_DIR: dataDir };
try {
  const config = await readConfig({ env, cwd: process.cwd() });
  const log = createLogger(config.logLevel);
  const app = await createApp(config, { log });
  const whole = {
    async close(graceMs: number) {
      await app.close(graceMs);
      await simulator.close();
    },
  };
  // `npm run dev` serves the client itself, before this server.
  const pageUrl = process.env["DEMO_PAGE"] ?? `${app.url}/`;
  const guide = () => demoGuide({ app, pageUrl, simulator, needsToken: config.token !== undefined });
  await Promise.all([app.ready().then(() => console.log(guide())), runUntilSignal(whole, log)]);
} catch (thrown) {
  await simulator.close();
  const { message, exitCode } = explainFailure(thrown);
  console.error(message);
  process.exit(exitCode);
}
