/** A test's database, as somebody else than ECoMan reads and changes it. */
import { type Db, MongoClient } from "mongodb";

export interface DatabasePlace {
  /** Connection string without a database. */
  readonly url: string;
  readonly dbName: string;
}

export async function withDatabase<T>({ url, dbName }: DatabasePlace, work: (db: Db) => Promise<T>): Promise<T> {
  const client = new MongoClient(url);
  try {
    return await work(client.db(dbName));
  } finally {
    await client.close();
  }
}
