import { expect, test } from "vitest";
import { resume } from "./soak/resume.ts";

const seed = Number(process.env["SEED"] ?? 20_261_121);

test(`subscribers cut 100 times at random end with the state of a fresh query (SEED=${seed})`, async () => {
  const figures = await resume.run({ seed, rounds: 100 });
  expect(figures["resumesOfEachAtLeast"]).toBeGreaterThanOrEqual(100);
  expect(figures["resetsOfEachAtLeast"]).toBeGreaterThanOrEqual(1);
  // They resumed, rather than read again.
  expect(Number(figures["readsOfTheList"])).toBeLessThan(Number(figures["resumes"]) / 10);
}, 180_000);
