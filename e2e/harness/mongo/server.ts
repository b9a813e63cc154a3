/**
 * The MongoDB server that tests run against: the best that can be had here, one for a whole test run.
 *
 *     const mongo = await findMongo();
 *     describe.skipIf(mongo.missing)(mongo.nameWithReason("The store"), () => {
 *       test("...", async () => {
 *         await using database = mongo.newDatabase();
 */
import { randomBytes } from "node:crypto";
import type { RunningMongo } from "./running.ts";
import { sharedMongo, startAndTell, type Told } from "./sharing.ts";
import { type DatabasePlace, withDatabase } from "./with-database.ts";

export interface Mongo {
  /** Why there is none, for `describe.skipIf`; undefined: it is there. */
  readonly missing: string | undefined;
  /** As it is told in the output; "none" where there is none. */
  readonly name: string;
  readonly kind: RunningMongo["kind"] | "none";
  /** Name of a suite or test that says why it is skipped, where it is. */
  nameWithReason(name: string): string;
  /** One of its own for each caller, empty, made by the first write to it. Throws the reason where there is no server. */
  newDatabase(): TestDatabase;
}

export interface TestDatabase extends DatabasePlace, AsyncDisposable {
  /** For good, with all that is in it. So does `await using`. */
  drop(): Promise<void>;
}

/**
 * In a test run the one that all its files share; in any other program one that is started now, and ends with it.
 * Rejects where MONGODB_TEST_URI names one that does not answer.
 */
export async function findMongo(): Promise<Mongo> {
  const told = (await sharedMongo()) ?? (await startAndTell());
  return "url" in told ? found(told) : notFound(told.notHere);
}

function found({ name, kind, url }: Exclude<Told, { notHere: string }>): Mongo {
  return {
    missing: undefined,
    name,
    kind,
    nameWithReason: (suite) => suite,
    newDatabase() {
      const dbName = `ecoman_test_${randomBytes(6).toString("hex")}`;
      const drop = () => withDatabase({ url, dbName }, async (db) => void (await db.dropDatabase()));
      return { url, dbName, drop, [Symbol.asyncDispose]: drop };
    },
  };
}

function notFound(notHere: string): Mongo {
  const missing = `no MongoDB here; on one of yours: MONGODB_TEST_URI=mongodb://… npm run test:mongo`;
  return {
    missing,
    name: "none",
    kind: "none",
    nameWithReason: (suite) => `${suite} (skipped: ${missing})`,
    newDatabase() {
      throw new Error(`${missing} (${notHere})`);
    },
  };
}
