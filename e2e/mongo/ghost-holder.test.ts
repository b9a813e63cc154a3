/** The journal names another holder of a node than its lease does, as after only part of a database was restored from a backup. */
import { afterEach, describe, expect, test } from "vitest";
import type { JournalDocument } from "../../server/store/mongo/journal.ts";
import { findMongo, type TestDatabase } from "../harness/mongo/server.ts";
import { withDatabase } from "../harness/mongo/with-database.ts";
import { type SimulatedApp, startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";
import { askForPower, readTask, readVms } from "../soak/power/power-client.ts";

const mongo = await findMongo();
/** Too high to be reached one by one. */
const ghostFence = 1_000_000;
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
});

/** On a database of its own, with one host of one VM that is off. */
async function start(): Promise<{ readonly app: SimulatedApp; readonly database: TestDatabase }> {
  const database = mongo.newDatabase();
  cleanups.push(() => database.drop());
  const vms = [{ name: "web", power: "OFF", tools: "toolsOk" }] as const;
  const env = { MONGO_URL: database.url, MONGO_DBNAME: database.dbName };
  const app = await startSimulatedApp({ hosts: [{ vms }], env });
  cleanups.push(() => app[Symbol.asyncDispose]());
  return { app, database };
}

/** Journaled right behind the last entry, as a server would; resolves when it stands there. */
async function journalHolder(database: TestDatabase, node: string, fence: number): Promise<void> {
  await withDatabase(database, async (db) => {
    const journal = db.collection<JournalDocument>("journal");
    const deed = JSON.stringify({ kind: "lease", node, owner: "ghost", fence });
    await until(
      async () => {
        const last = await journal.findOne({}, { sort: { _id: -1 } });
        if (last === null) throw new Error("The journal is empty.");
        const { _id: sequence, ...heads } = last;
        const lease = { by: "ghost", commit: `ghost ${fence}`, kind: "lease", deed } as const;
        return journal.insertOne({ ...heads, ...lease, _id: sequence + 1 }).then(
          () => true,
          () => false,
        );
      },
      { what: "a place in the journal" },
    );
  });
}

async function fenceOf(database: TestDatabase, node: string): Promise<number | undefined> {
  return withDatabase(database, async (db) => {
    const lease = await db.collection<{ _id: string; fence: number }>("leases").findOne({ _id: node });
    return lease?.fence;
  });
}

async function powerOf(app: SimulatedApp): Promise<string | undefined> {
  return (await readVms(app.url)).at(0)?.powerState;
}

describe.skipIf(mongo.missing)(
  mongo.nameWithReason(`A server whose lease the journal contradicts, on ${mongo.name}`),
  () => {
    test("gives it up, takes the node under a higher fence than any, and goes on with it within seconds", async () => {
      const { app, database } = await start();
      const [host] = app.simulator.hosts;
      const [vm] = await readVms(app.url);
      if (host === undefined || vm === undefined) throw new Error("no host or no VM");

      await journalHolder(database, host.name, ghostFence);
      const lost = "The store takes nothing more under a lease that this server holds";
      await until(() => app.logLines.some((line) => line.includes(lost)), { what: "the server to notice" });

      const asked = await until(async () => {
        const answered = await askForPower(app.url, { vmId: vm.id, action: "ON" });
        return "taskId" in answered ? answered : undefined;
      });
      const ended = await readTask(app.url, { id: asked.taskId, action: "ON", waitMs: 20_000 });
      expect(ended).toMatchObject({ state: "SUCCEEDED" });
      expect(await powerOf(app)).toBe("ON");
      expect(app.simulator.actionLog.map(({ command }) => command)).toEqual(["vmsvc/power.on"]);

      const [web] = host.vms();
      host.setPower(web?.vmid ?? 0, "OFF");
      await until(async () => (await powerOf(app)) === "OFF", { what: "the crawl to go on" });
      expect(app.logLines.filter((line) => line.includes(lost))).toHaveLength(1);
      expect(await fenceOf(database, host.name)).toBe(ghostFence + 1);
    });
  },
);
