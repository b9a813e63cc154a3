/** Which store the configuration asks for. */
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Logger } from "./logger.ts";
import { openMongoStore } from "./store/mongo.ts";
import { openSqliteStore } from "./store/sqlite.ts";
import type { InventoryStore } from "./store/store.ts";

export interface StoreOpener {
  readonly clock: Clock;
  readonly log: Logger;
}

/** Rejects with an AppError when it can't be reached or used. */
export function openStore({ mongo, dataDir }: Config, { clock, log }: StoreOpener): Promise<InventoryStore> {
  if (mongo === undefined) return openSqliteStore({ path: join(dataDir, "ecoman.db"), clock, log });
  const { url, dbName, shown, password } = mongo;
  log.hide([url, ...(password === undefined ? [] : [password])]);
  return openMongoStore({ url: url.reveal(), dbName, shown, clock, log });
}
