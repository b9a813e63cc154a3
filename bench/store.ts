/**
 * What a store costs, SQLite beside MongoDB: `node bench/store.ts [VMs, default 10000]`. Prints: the first fill, what a
 * crawl in which one VM of a hundred changed writes and takes, and how long a cold server needs to have its inventory.
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { startMongoProxy } from "../e2e/harness/mongo/proxy.ts";
import { findMongo } from "../e2e/harness/mongo/server.ts";
import { systemClock } from "../server/clock.ts";
import { createInventory } from "../server/inventory/inventory-view.ts";
import { silentLog } from "../server/log.ts";
import type { Vm } from "../server/model.ts";
import { aNode, aNodePulse, aUsage, aVm } from "../server/store/contract/samples.ts";
import { openMongoStore } from "../server/store/mongo.ts";
import { openSqliteStore } from "../server/store/sqlite.ts";
import type { InventoryStore } from "../server/store/store.ts";

const count = Number(process.argv[2] ?? 10_000);
const perNode = 500;
const nodes = Array.from({ length: Math.ceil(count / perNode) }, (_, index) => `esx${index + 1}`);
const vms = Array.from({ length: count }, (_, index) =>
  aVm({ id: `vm-${index}`, node: nodes[Math.floor(index / perNode)] ?? "", comment: "a VM of the bench" }),
);

interface Subject {
  readonly name: string;
  readonly open: () => Promise<InventoryStore>;
  /** What was written since the last call, in words. */
  readonly written: () => Promise<string>;
}

async function bench({ name, open, written }: Subject): Promise<void> {
  const first = await open();
  await first.apply({ nodes: nodes.map((node) => aNode({ name: node })) });
  const filledMs = await timed(() => crawl(first, vms));
  await first.close();
  const store = await open();
  await written();
  const quietMs = await timed(() => crawl(store, vms));
  const quiet = await written();
  const changed = vms.map((vm, index) => (index % 100 === 0 ? { ...vm, powerState: "OFF" as const } : vm));
  const crawledMs = await timed(() => crawl(store, changed));
  const crawled = await written();
  await store.close();
  let cold: InventoryStore | undefined;
  const coldMs = await timed(async () => {
    cold = await open();
    const inventory = await createInventory({ store: cold, log: silentLog });
    if (inventory.vmsOf("esx1").length !== perNode) throw new Error("not all of it is there");
    await inventory.close();
  });
  await cold?.close();
  console.log(`${name}, ${count} VMs on ${nodes.length} nodes`);
  console.log(`  first crawl, all new: ${filledMs} ms`);
  console.log(`  a crawl without a change: ${quietMs} ms; ${quiet}`);
  console.log(`  a crawl with 1 % changed: ${crawledMs} ms; ${crawled}`);
  console.log(`  a cold server has its inventory after ${coldMs} ms`);
}

/** As the crawler does it: per node what differs, and one pulse with what was read. */
async function crawl(store: InventoryStore, seen: readonly Vm[]): Promise<void> {
  for (const node of nodes) {
    const ofNode = seen.filter((vm) => vm.node === node);
    await store.apply({ vms: ofNode });
    await store.pulse({ nodes: [aNodePulse({ node })], usages: ofNode.map((vm) => aUsage({ vmId: vm.id })) });
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return Math.round(performance.now() - startedAt);
}

async function benchSqlite(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ecoman-bench-"));
  const path = join(folder, "ecoman.db");
  let before = 0;
  await bench({
    name: "SQLite",
    open: () => openSqliteStore({ path, clock: systemClock, log: silentLog }),
    async written() {
      const { size } = await stat(`${path}-wal`);
      const grown = size - before;
      before = size;
      return `${Math.round(grown / 4120)} pages (${Math.round(grown / 1024)} KiB) to the write-ahead log`;
    },
  });
  await rm(folder, { recursive: true, force: true });
}

async function benchMongo(): Promise<void> {
  const mongo = await findMongo();
  if (mongo.missing) {
    console.log(`MongoDB: ${mongo.missing}`);
    return;
  }
  await using database = mongo.newDatabase();
  await using proxy = await startMongoProxy({ target: database.url, random: Math.random });
  const commands = new Map<string, number>();
  const never = { afterMs: 2 ** 31 - 1, afterBytes: Number.POSITIVE_INFINITY };
  proxy.cutAtRandom({
    nextBreak: () => never,
    of: ({ name }) => {
      commands.set(name, (commands.get(name) ?? 0) + 1);
      return false;
    },
  });
  const client = await MongoClient.connect(database.url);
  const db = client.db(database.dbName);
  let last = -1;
  await bench({
    name: mongo.name,
    open: () =>
      openMongoStore({
        url: proxy.url,
        dbName: database.dbName,
        shown: mongo.name,
        clock: systemClock,
        log: silentLog,
      }),
    async written() {
      const since = last;
      last = (await db.collection<{ _id: number }>("journal").countDocuments()) - 1;
      const touched = await db.collection("vms").countDocuments({ seq: { $gt: since } });
      const sent = ["insert", "update", "delete"].map((name) => `${commands.get(name) ?? 0} ${name}`).join(", ");
      commands.clear();
      return `${last - since} documents to the journal, ${touched} to vms, by these commands: ${sent}`;
    },
  });
  await client.close();
}

await benchSqlite();
await benchMongo();
