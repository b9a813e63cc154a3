import { expect, test } from "vitest";
import { runCuts } from "./cuts-scenario.ts";

test.each([
  { version: "8.0.1", effort: "usual" },
  { version: "5.5.0", effort: "quick" },
] as const)("no scan of $version that was cut, emptied or replaced loses or invents anything", async (options) => {
  const { failures, damages } = await runCuts(options);
  expect(failures).toEqual([]);
  expect(damages).toBeGreaterThan(1_000);
});
