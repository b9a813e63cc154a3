import { expect, test } from "vitest";
import { creation } from "./soak/creation.ts";

const seed = Number(process.env["SEED"] ?? 20_261_128);

test(`creations through 50 blows: each ends truthfully, nothing is left behind (SEED=${seed})`, async () => {
  const figures = await creation.run({ seed, rounds: 50 });
  expect(Number(figures["server killed"])).toBeGreaterThan(7);
  expect(Number(figures["tasks SUCCEEDED"])).toBeGreaterThan(10);
  expect(Number(figures["tasks FAILED"] ?? 0) + Number(figures["tasks CANCELLED"] ?? 0)).toBeGreaterThan(0);
}, 600_000);
