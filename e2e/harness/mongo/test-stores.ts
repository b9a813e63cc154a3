/** Stores on one test's database, as of several servers. */
import { systemClock } from "../../../server/clock.ts";
import { silentLog } from "../../../server/log.ts";
import { openMongoStore } from "../../../server/store/mongo.ts";
import type { InventoryStore } from "../../../server/store/store.ts";
import type { Mongo } from "./server.ts";
import type { DatabasePlace } from "./with-database.ts";

export interface TestStores extends AsyncDisposable {
  /** One more. `url`: another way to the database, such as a proxy's. */
  open(url?: string): Promise<InventoryStore>;
}

/** They are closed with it. */
export function testStores({ name }: Pick<Mongo, "name">, database: DatabasePlace): TestStores {
  const opened: InventoryStore[] = [];
  return {
    async open(url = database.url) {
      const { dbName } = database;
      const store = await openMongoStore({ url, dbName, shown: name, clock: systemClock, log: silentLog });
      opened.push(store);
      return store;
    },
    [Symbol.asyncDispose]: async () => void (await Promise.all(opened.map((store) => store.close()))),
  };
}
