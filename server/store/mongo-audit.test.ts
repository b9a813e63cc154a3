/** Who looks through the audit log while other servers write to it finds what was done behind ECoMan's back, and nothing else. */
import { MongoClient } from "mongodb";
import { describe, expect, it } from "vitest";
import { findMongo, type TestDatabase } from "../../e2e/harness/mongo/server.ts";
import { systemClock } from "../clock.ts";
import { silentLog } from "../log.ts";
import { openMongoStore } from "./mongo.ts";
import type { InventoryStore } from "./store.ts";

const mongo = await findMongo();
const deed = { actor: "bob", action: "CANCEL_TASK", taskId: "t", node: "alpha", vmId: null, input: "{}" };

async function writeUntil(writer: InventoryStore, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await writer.appendAudit(deed);
}

/** One more like the last, in the collection only. */
async function smuggleIn({ url, dbName }: TestDatabase, count: number): Promise<void> {
  const client = await MongoClient.connect(url);
  try {
    const audit = client.db(dbName).collection<{ _id: number }>("audit");
    const last = await audit.findOne({ _id: count });
    await audit.insertOne({ ...last, _id: count + 1 });
  } finally {
    await client.close();
  }
}

describe.skipIf(mongo.missing)(mongo.nameWithReason(`The audit log of several servers on ${mongo.name}`), () => {
  it("is found whole while another server writes it, and an entry without a place in the journal is found", async () => {
    await using closing = new AsyncDisposableStack();
    const database = closing.use(mongo.newDatabase());
    const open = async (): Promise<InventoryStore> => {
      const { url, dbName } = database;
      const store = await openMongoStore({ url, dbName, shown: mongo.name, clock: systemClock, log: silentLog });
      closing.defer(() => store.close());
      return store;
    };
    const [writer, looker] = [await open(), await open()];
    const enough = new AbortController();
    const written = writeUntil(writer, enough.signal);
    try {
      for (let look = 0; look < 50; look += 1) expect(await looker.verifyAudit()).toBeUndefined();
    } finally {
      enough.abort();
      await written;
    }
    const count = (await writer.audit()).length;
    expect(count).toBeGreaterThan(10);
    await smuggleIn(database, count);
    expect(await looker.verifyAudit()).toBe(count + 1);
  });
});
