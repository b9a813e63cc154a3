import { expect, test } from "vitest";
import { slowReaders } from "./soak/slow-readers.ts";

test("subscribers that stop reading while 2,000 VMs change cost bounded memory, and converge", async () => {
  const figures = await slowReaders.run({ seed: 1, rounds: 4 });
  expect(figures["vms"]).toBeGreaterThanOrEqual(2_000);
  expect(figures["changesOfVms"]).toBeGreaterThanOrEqual(8_000);
}, 180_000);
