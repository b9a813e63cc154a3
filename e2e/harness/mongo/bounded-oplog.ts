/**
 * Bounds the stand-in's oplog, as a MongoDB server does by itself. mongo-java-server 1.47 keeps every write for good, and each
 * look of a change stream goes through all of them: measured with three streams, 120,000 entries slow it down tenfold.
 */
import { MongoClient } from "mongodb";

export interface BoundedOplog {
  stop(): Promise<void>;
}

const everyMs = 10_000;
/** Longer than any cut that a resumed stream is to survive. */
const keptMs = 120_000;

/** Until it is stopped. @param url of the stand-in itself, not of a way to it that fails */
export async function boundOplog(url: string): Promise<BoundedOplog> {
  const client = await MongoClient.connect(url);
  const oplog = client.db("local").collection("oplog.rs");
  const timer = setInterval(() => {
    // One that fails is made up for by the next.
    oplog.deleteMany({ wall: { $lt: new Date(Date.now() - keptMs) } }).catch(() => undefined);
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await client.close();
    },
  };
}
