/** Which store the configuration asks for. */
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import { silentLog } from "./log.ts";
import type { Logger } from "./logger.ts";
import type { StoreArchive } from "./store/archive.ts";
import { createMongoArchive } from "./store/mongo/archive.ts";
import { openMongoStore } from "./store/mongo.ts";
import { openSqliteStore } from "./store/sqlite.ts";
import { createSqliteArchive } from "./store/sqlite-archive.ts";
import type { InventoryStore } from "./store/store.ts";

type Place = Pick<Config, "mongo" | "dataDir">;

export interface StoreOpener {
  readonly clock: Clock;
  readonly log: Logger;
}

/** Rejects with an AppError when it can't be reached or used. */
export function openStore({ mongo, dataDir }: Place, { clock, log }: StoreOpener): Promise<InventoryStore> {
  if (mongo === undefined) return openSqliteStore({ path: databasePath(dataDir), clock, log });
  const { url, dbName, shown } = mongo;
  return openMongoStore({ url: url.reveal(), dbName, shown, clock, log });
}

/** All that is in it, out and in. Nothing is opened before that is asked for. */
export function openArchive({ mongo, dataDir }: Place): StoreArchive {
  if (mongo === undefined) return createSqliteArchive(databasePath(dataDir));
  const { url, dbName, shown } = mongo;
  return createMongoArchive({ url: url.reveal(), dbName, shown, log: silentLog });
}

function databasePath(dataDir: string): string {
  return join(dataDir, "ecoman.db");
}
