import { MongoClient } from "mongodb";
import { describe, expect, test } from "vitest";
import { findMongo } from "./server.ts";

const mongo = await findMongo();

describe.skipIf(mongo.missing)(mongo.nameWithReason(`A server for tests: ${mongo.name}`), () => {
  test("keeps what each database is given, apart from the others, until it is dropped", async () => {
    await using mine = mongo.newDatabase();
    await using other = mongo.newDatabase();
    await using client = await MongoClient.connect(mine.url);
    const vms = (dbName: string) => client.db(dbName).collection<{ _id: string }>("vms");
    await vms(mine.dbName).insertOne({ _id: "vm-1" });
    expect(await vms(mine.dbName).countDocuments()).toBe(1);
    expect(await vms(other.dbName).countDocuments()).toBe(0);
    await mine.drop();
    expect(await vms(mine.dbName).countDocuments()).toBe(0);
  });
});
