import type { Log } from "./log.ts";

/** A second signal does not wait. */
const drainMs = 30_000;

/** Resolves after the app was closed in order, within 30 s of SIGTERM or SIGINT. A second signal ends the process at once. */
export async function runUntilSignal(app: { close(graceMs: number): Promise<void> }, log: Log): Promise<void> {
  const signal = await nextSignal();
  log.info({ signal }, "Stopping: running tasks may end, then the store is closed");
  void nextSignal().then(() => process.exit(1));
  const overdue = setTimeout(() => process.exit(1), drainMs).unref();
  await app.close(drainMs - 5_000);
  clearTimeout(overdue);
  process.exit(0);
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  });
}
