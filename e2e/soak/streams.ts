/** The way by which a server hears of the others breaks again and again: what it knows is in the end what the database has. */
import { setTimeout as delay } from "node:timers/promises";
import { createRandom, type Random } from "../../simulator/random.ts";
import { type MongoProxy, startMongoProxy } from "../harness/mongo/proxy.ts";
import { findMongo } from "../harness/mongo/server.ts";
import { testStores } from "../harness/mongo/test-stores.ts";
import { until } from "../harness/until.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";
import { differencesBetween, watchStore } from "./streams/watching.ts";
import { createWriter } from "./streams/writer.ts";

export const streams: Scenario = {
  name: "streams",
  about: "the change stream between two servers is cut at random under changes; the state is the same after each cut",
  rounds: 200,
  run,
};

/** A round is a cut. */
async function run({ seed, rounds, onProgress = () => undefined }: ScenarioOptions): Promise<Figures> {
  const random = createRandom(seed, "streams");
  const mongo = await findMongo();
  await using closing = new AsyncDisposableStack();
  const database = closing.use(mongo.newDatabase());
  const proxy = closing.use(await startMongoProxy({ target: database.url, random: () => random.next() }));
  const stores = closing.use(testStores(mongo, database));
  const [near, far] = [await stores.open(), await stores.open(proxy.url)];
  const watched = await watchStore(far);
  closing.defer(() => watched.stop());
  const writer = createWriter(near, random);
  for (let round = 0; round < rounds; round += 1) {
    const writing = writer.writeFor(random.between(50, 400));
    await delay(random.between(0, 300));
    await breakIt(proxy, random);
    await writing;
    const faults = async (): Promise<readonly string[]> => differencesBetween(await near.load(), watched.state());
    let found = await faults();
    await until(async () => (found = await faults()).length === 0, { withinMs: 15_000 }).catch(() => {
      throw new Error(`After cut ${round + 1} the other server's watcher differs:\n${found.slice(0, 5).join("\n")}`);
    });
    if ((round + 1) % 50 === 0) onProgress(`${round + 1} cuts`);
  }
  const lags = watched.lagsOf(writer.writtenAt);
  return {
    database: mongo.name,
    cuts: rounds,
    connectionsBroken: proxy.struck.cuts,
    changes: writer.writtenAt.size,
    resets: watched.resets,
    "ms from a commit to the other server (median, 99 %, most)": spread(lags),
  };
}

/** At once, or in the middle of an answer. */
async function breakIt(proxy: MongoProxy, random: Random): Promise<void> {
  const before = proxy.struck.cuts;
  if (random.chance(0.5)) {
    proxy.cut();
    return;
  }
  const nextBreak = () => ({ afterMs: random.between(20, 200), afterBytes: random.between(50, 3_000) });
  proxy.cutAtRandom({ nextBreak, of: ({ name }) => name === "getMore" || name === "aggregate" });
  await until(() => proxy.struck.cuts > before, { what: "the stream to be cut" });
  proxy.cutAtRandom(undefined);
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return [0.5, 0.99, 1].map((share) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)).join(", ");
}
