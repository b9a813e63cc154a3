/** Who looks through the audit log while other servers write to it finds what was done behind ECoMan's back, and nothing else. */
import { describe, expect, it } from "vitest";
import { findMongo, type TestDatabase } from "../../e2e/harness/mongo/server.ts";
import { testStores } from "../../e2e/harness/mongo/test-stores.ts";
import { withDatabase } from "../../e2e/harness/mongo/with-database.ts";
import type { InventoryStore } from "./store.ts";

const mongo = await findMongo();
const deed = { actor: "bob", action: "CANCEL_TASK", taskId: "t", node: "alpha", vmId: null, input: "{}" };

async function writeUntil(writer: InventoryStore, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await writer.appendAudit(deed);
}

/** One more like the last, in the collection only. */
async function smuggleIn(database: TestDatabase, count: number): Promise<void> {
  await withDatabase(database, async (db) => {
    const audit = db.collection<{ _id: number }>("audit");
    const last = await audit.findOne({ _id: count });
    await audit.insertOne({ ...last, _id: count + 1 });
  });
}

describe.skipIf(mongo.missing)(mongo.nameWithReason(`The audit log of several servers on ${mongo.name}`), () => {
  it("is found whole while another server writes it, and an entry without a place in the journal is found", async () => {
    await using closing = new AsyncDisposableStack();
    const database = closing.use(mongo.newDatabase());
    const stores = closing.use(testStores(mongo, database));
    const [writer, looker] = [await stores.open(), await stores.open()];
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
