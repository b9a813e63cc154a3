import { expect, test } from "vitest";
import { garbled } from "./garbled-scenario.ts";

test("no garbled scan removes or blanks a VM, and a sound one sets all right", async () => {
  const figures = await garbled.run({ seed: 1, rounds: 3_000 });
  // Noise that is always noticed, or never, would prove nothing.
  expect(figures).toMatchObject({ garbledScans: 3_000 });
  expect(figures["refused"]).toBeGreaterThan(300);
  expect(figures["refused"]).toBeLessThan(2_700);
});
