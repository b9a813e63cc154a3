/**
 * A server's store in a process of its own, for tests that kill it or starve it. What is acknowledged goes to stdout,
 * one JSON value per line. Arguments: the file, and what to do with it.
 */
import { rmSync, writeSync } from "node:fs";
import { systemClock } from "../clock.ts";
import { isAppError } from "../errors.ts";
import { silentLog } from "../log.ts";
import { aTask } from "./contract/samples.ts";
import { openSqliteStore } from "./sqlite.ts";
import type { InventoryStore } from "./store.ts";

const [, , path = "", what = ""] = process.argv;

function say(value: unknown): void {
  writeSync(1, `${JSON.stringify(value)}\n`);
}

/** Saves tasks for ever, each acknowledged save with how far it was. */
async function saveForEver(store: InventoryStore): Promise<void> {
  for (let round = 0; ; round += 1) {
    const id = `t${round}`;
    await store.createTask({ task: aTask({ id, progress: 0 }), idempotencyKey: id, inputHash: "h" });
    for (let progress = 1; progress <= 3; progress += 1) {
      await store.saveTask(aTask({ id, progress, hostOutput: "x".repeat(round % 5_000) }));
      say({ id, progress });
    }
  }
}

/** Creates tasks until one is refused, then makes room, tries that one again, and tells how it went. */
async function fill(store: InventoryStore): Promise<void> {
  for (let round = 0; ; round += 1) {
    const task = aTask({ id: `t${round}`, hostOutput: "x".repeat(20_000) });
    try {
      await store.createTask({ task, idempotencyKey: null, inputHash: "h" });
    } catch (error) {
      const refused = isAppError(error) ? { code: error.code, message: error.message } : { code: String(error) };
      const audit = await store.audit();
      const isWhole = (await store.verifyAudit()) === undefined;
      const halfWritten = (await store.task(task.id)) !== undefined;
      rmSync(`${path}.ballast`, { force: true });
      const goesOn = await store.createTask({ task, idempotencyKey: null, inputHash: "h" }).then(
        () => true,
        () => false,
      );
      say({ ...refused, recorded: round, audited: audit.length, isWhole, halfWritten, goesOn });
      return;
    }
  }
}

try {
  const store = await openSqliteStore({ path, clock: systemClock, log: silentLog });
  say("open");
  if (what === "save") await saveForEver(store);
  if (what === "fill") await fill(store);
  await store.close();
} catch (error) {
  say(isAppError(error) ? { code: error.code, message: error.message } : String(error));
}
