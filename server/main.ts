/** `npm start`: reads the configuration, runs the app, and ends it in order on SIGTERM or SIGINT. */
import { createApp } from "./app.ts";
import { readConfig } from "./config/read.ts";
import { createLogger } from "./logger.ts";
import { runUntilSignal } from "./run-until-signal.ts";
import { explainFailure } from "./start-failure.ts";

try {
  const config = await readConfig({ env: process.env, cwd: process.cwd() });
  const log = createLogger(config.logLevel);
  for (const notice of config.notices) log.warn({}, notice);
  const app = await createApp(config, { log });
  log.info({ url: app.url, nodes: config.nodes.length }, `ECoMan listens on ${app.url}`);
  await runUntilSignal(app, log);
} catch (thrown) {
  const { message, exitCode } = explainFailure(thrown);
  console.error(message);
  process.exit(exitCode);
}
