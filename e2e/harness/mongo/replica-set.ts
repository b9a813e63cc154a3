import { onPath } from "../on-path.ts";
import { productOf } from "./build-info.ts";
import { whyNoDownload } from "./download.ts";
import type { NotHere, RunningMongo } from "./running.ts";

/** Where a mongod is, for mongodb-memory-server: its own choice where there is no path. */
interface Binary {
  readonly systemBinary?: string;
}

/** Three real servers of this machine's mongod, of one that was downloaded before, or of one that can be downloaded now. */
export async function replicaSetOfThree(): Promise<RunningMongo | NotHere> {
  const binary = await findBinary();
  if ("notHere" in binary) return binary;
  try {
    return await start(binary);
  } catch (thrown) {
    const which = binary.systemBinary ?? "The downloaded mongod";
    return { notHere: `${which} did not start: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

async function findBinary(): Promise<Binary | NotHere> {
  const systemBinary = onPath("mongod");
  if (systemBinary !== undefined) return { systemBinary };
  const { DryMongoBinary } = await import("mongodb-memory-server-core/lib/util/DryMongoBinary.js");
  if ((await DryMongoBinary.locateBinary(DryMongoBinary.getEnsuredOptions())) !== undefined) return {};
  const reason = await whyNoDownload();
  return reason === undefined ? {} : { notHere: `no mongod on PATH, and ${reason}` };
}

async function start(binary: Binary): Promise<RunningMongo> {
  const { MongoMemoryReplSet } = await import("mongodb-memory-server-core");
  const set = await MongoMemoryReplSet.create({ binary, replSet: { count: 3, storageEngine: "wiredTiger" } });
  const url = set.getUri();
  return {
    name: `${await productOf(url)}, a replica set of three (${binary.systemBinary ?? "downloaded"})`,
    kind: "mongod",
    url,
    end: async () => void (await set.stop()),
  };
}
