/** A whole ECoMan moves from one kind of store to the other, by the commands that an administrator types. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../server/clock.ts";
import { silentLog } from "../server/log.ts";
import { openMongoStore } from "../server/store/mongo.ts";
import { openSqliteStore } from "../server/store/sqlite.ts";
import type { InventoryStore } from "../server/store/store.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { backUp, restore } from "./harness/backup-commands.ts";
import { query } from "./harness/graphql.ts";
import { findMongo, type TestDatabase } from "./harness/mongo/server.ts";
import { type ServerProcess, startServer } from "./harness/server-process.ts";
import { until } from "./harness/until.ts";
import { askForPower, readVms } from "./soak/power/power-client.ts";

const mongo = await findMongo();

const databases: TestDatabase[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ecoman-move-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const database of databases.splice(0)) await database.drop();
});

interface Seen {
  readonly vms: { readonly nodes: readonly { readonly id: string; readonly stale: boolean }[] };
  readonly tasks: { readonly nodes: readonly { readonly finishedAt: string | null }[] };
}

const everything = `{
  vms(first: 100, orderBy: { field: NAME }) { nodes { id name datastorePath powerState comment numCpu stale node { name } } }
  tasks(first: 100) { nodes { id kind state actor result commands hostOutput createdAt finishedAt } }
}`;

const looking = async (server: ServerProcess): Promise<Seen> => query<Seen>(server.url, everything);

function staled({ vms, tasks }: Seen): unknown {
  return { vms: { nodes: vms.nodes.map((vm) => ({ ...vm, stale: true })) }, tasks };
}

interface Place {
  readonly env: Readonly<Record<string, string>>;
  open(): Promise<InventoryStore>;
}

function sqlitePlace(name: string): Place {
  const env = { DATA_DIR: join(folder, name) };
  const path = join(env.DATA_DIR, "ecoman.db");
  return { env, open: () => openSqliteStore({ path, clock: systemClock, log: silentLog }) };
}

function mongoPlace(): Place {
  const database = mongo.newDatabase();
  databases.push(database);
  const { url, dbName } = database;
  const options = { url, dbName, shown: mongo.name, clock: systemClock, log: silentLog };
  return { env: { MONGO_URL: url, MONGO_DBNAME: dbName }, open: () => openMongoStore(options) };
}

async function auditOf(place: Place): Promise<readonly unknown[]> {
  const store = await place.open();
  try {
    expect(await store.verifyAudit()).toBeUndefined();
    return await store.audit();
  } finally {
    await store.close();
  }
}

describe.skipIf(mongo.missing)(mongo.nameWithReason("ECoMan moves"), () => {
  test.each([
    ["from SQLite to MongoDB", () => sqlitePlace("old"), mongoPlace],
    ["from MongoDB, while it runs, to SQLite", mongoPlace, () => sqlitePlace("new")],
  ])("%s", async (_name, from, to) => {
    const [old, next] = [from(), to()];
    await using closing = new AsyncDisposableStack();
    const simulator = await startSimulator({ hosts: 2, vmsPerHost: 4, delayMs: 0, taskMs: 20 });
    closing.defer(() => simulator.close());
    const hosts = { HOSTS_PATH: join(folder, "hosts.yml"), CRAWLER_INTERVAL: "1" };
    await writeFile(hosts.HOSTS_PATH, simulator.hostsYml());
    const first = await startServer({ ...hosts, ...old.env });
    closing.defer(async () => void (await first.end("SIGKILL")));
    const vms = await until(async () => {
      const read = await readVms(first.url);
      return read.length === 8 ? read : undefined;
    });
    const wish = { vmId: vms[0]?.id ?? "", action: vms[0]?.powerState === "ON" ? "OFF" : "ON" } as const;
    const asked = await askForPower(first.url, { ...wish, idempotencyKey: "a key" });
    await query(first.url, `mutation { refreshNode(name: "${vms[0]?.node}") { userErrors { code } } }`);
    const before = await until(async () => {
      const seen = await looking(first);
      const allEnded = seen.tasks.nodes.length === 2 && seen.tasks.nodes.every(({ finishedAt }) => finishedAt !== null);
      return allEnded && seen.vms.nodes.every(({ stale }) => !stale) ? seen : undefined;
    });

    const file = join(folder, "backup.gz");
    const runs = "MONGO_URL" in old.env;
    if (!runs) await first.end("SIGTERM");
    expect(await backUp(old.env, file)).toMatchObject({ code: 0 });
    if (runs) await first.end("SIGTERM");
    expect(await restore(next.env, file)).toMatchObject({ code: 0, stderr: "" });
    expect(await auditOf(next)).toEqual(await auditOf(old));

    // Nobody answers there: what is shown is what was restored.
    await writeFile(hosts.HOSTS_PATH, simulator.hostsYml().replaceAll("127.0.0.1", "127.0.0.2"));
    const second = await startServer({ ...hosts, ...next.env });
    closing.defer(async () => void (await second.end("SIGKILL")));
    const after = await until(async () => {
      const seen = await looking(second);
      return seen.vms.nodes.every(({ stale }) => stale) ? seen : undefined;
    });
    expect(after).toEqual(staled(before));
    const repeat = { vmId: vms[0]?.id ?? "", action: wish.action, idempotencyKey: "a key" };
    expect(await askForPower(second.url, repeat)).toEqual(asked);

    await writeFile(hosts.HOSTS_PATH, simulator.hostsYml());
    const seenAgain = await until(async () => {
      const seen = await looking(second);
      return seen.vms.nodes.every(({ stale }) => !stale) ? seen : undefined;
    });
    expect(seenAgain).toEqual(before);
  });

  test("what can't be done is told in words", async () => {
    const [old, next] = [sqlitePlace("old"), mongoPlace()];
    const file = join(folder, "backup.gz");
    await (await old.open()).close();
    await backUp(old.env, file);
    expect(await restore(next.env, file)).toMatchObject({ code: 0 });
    const again = await restore(next.env, file);
    expect(again.stderr).toMatch(
      /There are data in the database \S+ of mongodb:.* overwrites nothing\. Drop that database/,
    );
    expect(again.code).toBe(1);
    const nothing = await backUp(mongoPlace().env, "-");
    expect(nothing.stderr).toMatch(/No ECoMan has kept anything in .* Look at MONGO_DBNAME/);
    const silent = await backUp({ MONGO_URL: "mongodb://127.0.0.1:1/", MONGO_DBNAME: "x" }, "-");
    expect(silent.stderr).toMatch(/^MongoDB at mongodb:\/\/127\.0\.0\.1:1 does not answer/);
  });
});
