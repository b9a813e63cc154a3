import { describe, expect, test } from "vitest";
import { findMongo } from "../harness/mongo/server.ts";
import { servers } from "../soak/servers.ts";
import { streams } from "../soak/streams.ts";

const seed = Number(process.env["SEED"] ?? 20_261_129);
const mongo = await findMongo();

describe.skipIf(mongo.missing)(mongo.nameWithReason(`Several servers on ${mongo.name}`), () => {
  // The other tests run beside it.
  const slack = 2;

  test(`come through five kinds of trouble: nothing lost, doubled, sent twice or told wrongly (SEED=${seed})`, async () => {
    const figures = await servers.run({ seed, rounds: 5, slack });
    expect(Number(figures["tasks SUCCEEDED"])).toBeGreaterThan(20);
    expect(Number(figures["databaseFaults"])).toBeGreaterThan(10);
  }, 600_000);

  test(`know the same after each of ten cuts of what they hear of each other (SEED=${seed})`, async () => {
    const figures = await streams.run({ seed, rounds: 10 });
    expect(Number(figures["connectionsBroken"])).toBeGreaterThanOrEqual(10);
  }, 240_000);
});
