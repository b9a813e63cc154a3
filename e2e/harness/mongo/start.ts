import { ferretdb } from "./ferretdb.ts";
import { givenMongo } from "./given.ts";
import { replicaSetOfThree } from "./replica-set.ts";
import type { NotHere, RunningMongo } from "./running.ts";
import { standIn } from "./stand-in.ts";

type Start = () => Promise<RunningMongo | NotHere>;

/** The best first: one's own cluster, then real servers, then what only speaks like one. */
const best: readonly Start[] = [givenMongo, replicaSetOfThree, standIn];
/** By the names that MONGODB_TEST_SERVER knows them by. */
const named = new Map<string, Start>([
  ["mongod", replicaSetOfThree],
  ["stand-in", standIn],
  ["ferretdb", ferretdb],
]);

/**
 * Starts the best server that this machine has, or the kind that MONGODB_TEST_SERVER names.
 * Rejects where one was asked for, by that or by MONGODB_TEST_URI, and can't be had.
 */
export async function startMongo(): Promise<RunningMongo | NotHere> {
  const asked = process.env["MONGODB_TEST_SERVER"] ?? "";
  if (asked !== "") return await startNamed(asked);
  const reasons: string[] = [];
  for (const start of best) {
    const mongo = await start();
    if ("url" in mongo) return mongo;
    reasons.push(mongo.notHere);
  }
  return { notHere: reasons.join("; ") };
}

async function startNamed(name: string): Promise<RunningMongo> {
  const start = named.get(name);
  if (start === undefined) {
    throw new Error(`MONGODB_TEST_SERVER names no kind of server: ${name}. Known: ${[...named.keys()].join(", ")}`);
  }
  const mongo = await start();
  if ("url" in mongo) return mongo;
  throw new Error(`The kind of server that MONGODB_TEST_SERVER names (${name}) is not to be had: ${mongo.notHere}`);
}
