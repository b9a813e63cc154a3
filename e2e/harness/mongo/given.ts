import { MongoClient } from "mongodb";
import { productOf } from "./build-info.ts";
import type { NotHere, RunningMongo } from "./running.ts";

/** The server that MONGODB_TEST_URI names. One that was asked for and does not answer is a failure, no reason to take another. */
export async function givenMongo(): Promise<RunningMongo | NotHere> {
  const url = process.env["MONGODB_TEST_URI"] ?? "";
  if (url === "") return { notHere: "MONGODB_TEST_URI names no server" };
  const where = hostsIn(url);
  try {
    return { name: `${await productOf(url)} at ${where}`, kind: "given", url, end: async () => undefined };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`The server that MONGODB_TEST_URI names (${where}) can't be used: ${why}`, { cause: thrown });
  }
}

/** Without the password that may stand beside them: the driver's own message would show all of it. */
function hostsIn(url: string): string {
  try {
    const { hosts, srvHost } = new MongoClient(url).options;
    return srvHost ?? hosts.join(",");
  } catch {
    throw new Error("MONGODB_TEST_URI holds no connection string of MongoDB: mongodb://user:password@host:27017");
  }
}
