import { MongoClient, MongoServerError } from "mongodb";
import type { Mongo } from "./server.ts";

/**
 * Undefined: they can be opened, or there is no server. Only a server that need not have them is asked: a replica set or
 * a stand-in without them would be at fault.
 */
export async function whyNoChangeStreams(mongo: Mongo): Promise<string | undefined> {
  if (mongo.kind !== "given" && mongo.kind !== "ferretdb") return undefined;
  await using database = mongo.newDatabase();
  await using client = new MongoClient(database.url);
  await using stream = client.db(database.dbName).collection("any").watch([], { maxAwaitTimeMS: 100 });
  try {
    await stream.tryNext();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof MongoServerError) return `${mongo.name} has none: ${thrown.message}`;
    throw thrown;
  }
}
