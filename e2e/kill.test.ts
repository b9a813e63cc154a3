import { expect, test } from "vitest";
import { kill } from "./soak/kill.ts";
import { terminate } from "./soak/terminate.ts";

const seed = Number(process.env["SEED"] ?? 20_261_121);

test(`a server killed at each step of power tasks: all end truthfully, none is sent twice (SEED=${seed})`, async () => {
  const figures = await kill.run({ seed, rounds: 7 });
  expect(Number(figures["tasks that died marked as sent, not done"])).toBeGreaterThan(0);
  expect(Number(figures["tasks that died done, not ended"])).toBeGreaterThan(0);
}, 240_000);

test(`a server asked to end during power tasks ends within 30 s and leaves none unfinished (SEED=${seed})`, async () => {
  const figures = await terminate.run({ seed, rounds: 2 });
  expect(Number(figures["underWay"])).toBeGreaterThan(0);
});
