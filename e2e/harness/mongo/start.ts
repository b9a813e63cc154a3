import { givenMongo } from "./given.ts";
import { replicaSetOfThree } from "./replica-set.ts";
import type { NotHere, RunningMongo } from "./running.ts";
import { standIn } from "./stand-in.ts";

/** The best first: one's own cluster, then real servers, then what only speaks like one. */
const kinds = [givenMongo, replicaSetOfThree, standIn];

/** Starts the best server that this machine has. Rejects where one was named by MONGODB_TEST_URI and does not answer. */
export async function startMongo(): Promise<RunningMongo | NotHere> {
  const reasons: string[] = [];
  for (const start of kinds) {
    const mongo = await start();
    if ("url" in mongo) return mongo;
    reasons.push(mongo.notHere);
  }
  return { notHere: reasons.join("; ") };
}
