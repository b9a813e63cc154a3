/** What the database can do, found out by trying: versions and topologies lie, and some servers answer with a silent stream. */
import { randomUUID } from "node:crypto";
import type { ChangeStream } from "mongodb";
import type { Log } from "../../log.ts";
import { type Collections, documentVersion } from "./documents.ts";
import { isPassing } from "./failure.ts";

/** How long the event of an insertion may take, in ms. */
const eventWithinMs = 4000;

/** Does an insertion arrive by a change stream? @throws a passing failure of the database */
export async function givesChangeStreams({ probes }: Collections, log: Log): Promise<boolean> {
  const id = randomUUID();
  const stream = probes.watch([], { maxAwaitTimeMS: 200 });
  try {
    await stream.tryNext();
    await probes.insertOne({ _id: id, v: documentVersion });
    return await arrives(stream, id);
  } catch (error) {
    if (isPassing(error)) throw error;
    log.debug({ error }, "The database gives no change streams.");
    return false;
  } finally {
    await stream.close().catch(() => undefined);
    await probes.deleteOne({ _id: id }).catch(() => undefined);
  }
}

async function arrives(stream: ChangeStream, id: string): Promise<boolean> {
  const until = performance.now() + eventWithinMs;
  while (performance.now() < until) {
    const event = await stream.tryNext();
    if (event?.operationType === "insert" && isOf(event.documentKey, id)) return true;
  }
  return false;
}

function isOf(key: object, id: string): boolean {
  return "_id" in key && key["_id"] === id;
}
