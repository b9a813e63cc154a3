import { afterAll, describe } from "vitest";
import { findMongo, type TestDatabase } from "../../e2e/harness/mongo/server.ts";
import { silentLog } from "../log.ts";
import { copyDatabase } from "./mongo/testing/copy-database.ts";
import { openMongoStore } from "./mongo.ts";
import { storeContract } from "./store.contract.ts";

const mongo = await findMongo();

describe.skipIf(mongo.missing)(mongo.nameWithReason("MongoDB"), () => {
  const databases = new Map<string, TestDatabase>();
  afterAll(() => Promise.all([...databases.values()].map((database) => database.drop())));
  const urlOf = (place: string): string => databases.get(place)?.url ?? "";

  async function newPlace(): Promise<string> {
    const database = mongo.newDatabase();
    databases.set(database.dbName, database);
    return database.dbName;
  }

  storeContract(mongo.name, {
    newPlace,
    open: ({ place, clock, limits }) =>
      openMongoStore({ url: urlOf(place), dbName: place, shown: mongo.name, clock, limits, log: silentLog }),
    async crashedCopyOf(place) {
      const copy = await newPlace();
      await copyDatabase({ url: urlOf(place), from: place, to: copy });
      return copy;
    },
  });
});
