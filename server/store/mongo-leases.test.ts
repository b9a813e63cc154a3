import { afterAll, describe } from "vitest";
import { findMongo, type TestDatabase } from "../../e2e/harness/mongo/server.ts";
import { systemClock } from "../clock.ts";
import { silentLog } from "../log.ts";
import { leaseContract } from "./leases.contract.ts";
import { openMongoStore } from "./mongo.ts";
import type { InventoryStore } from "./store.ts";

const mongo = await findMongo();

describe.skipIf(mongo.missing)(mongo.nameWithReason("Leases in MongoDB"), () => {
  const databases: TestDatabase[] = [];
  const stores: InventoryStore[] = [];
  afterAll(() => Promise.all(databases.map((database) => database.drop())));

  leaseContract(mongo.name, {
    async open(count) {
      const database = mongo.newDatabase();
      databases.push(database);
      const { url, dbName } = database;
      const options = { url, dbName, shown: mongo.name, clock: systemClock, log: silentLog };
      const opened = await Promise.all(Array.from({ length: count }, () => openMongoStore(options)));
      stores.push(...opened);
      return opened.flatMap(({ leases }) => leases ?? []);
    },
    close: async () => void (await Promise.all(stores.splice(0).map((store) => store.close()))),
  });
});
