import { MongoClient } from "mongodb";
import { describe, expect, test } from "vitest";
import { ferretdb } from "./ferretdb.ts";

const started = await ferretdb();
const missing = "notHere" in started;
const reason = missing ? ` (skipped: ${started.notHere}; MONGODB_DOWNLOAD=1 lets it be fetched)` : "";

describe.skipIf(missing)(`A database that can be killed${reason}`, () => {
  test("it has every write that it answered, after it was killed among them", async () => {
    if ("notHere" in started) return;
    const url = `${started.url}?retryWrites=false&serverSelectionTimeoutMS=3000`;
    try {
      await using client = new MongoClient(url);
      const vms = client.db("ecoman").collection<{ _id: number }>("vms");
      const answered: number[] = [];
      let next = 0;
      for (let round = 0; round < 3; round += 1) {
        const killed = answered.length + 25;
        const writers = Array.from({ length: 8 }, async () => {
          for (;;) {
            const id = next;
            next += 1;
            await vms.insertOne({ _id: id });
            answered.push(id);
            if (answered.length === killed) await started.kill();
          }
        });
        const ends = await Promise.allSettled(writers);
        expect(ends.map(({ status }) => status)).toEqual(ends.map(() => "rejected"));
        await started.restart();
        const there = new Set((await vms.find().toArray()).map(({ _id }) => _id));
        expect(answered.filter((id) => !there.has(id))).toEqual([]);
      }
    } finally {
      await started.end();
    }
  });
});
