import { expect, test } from "vitest";
import { reregister } from "./soak/reregistration.ts";

const seed = Number(process.env["SEED"] ?? 20_261_121);

test.for([
  ["by their paths", true],
  ["by their numbers only", false],
] as const)(
  `VMs that go %s and change their numbers: no act hits another one untold (SEED=${seed})`,
  async ([, acceptsPaths]) => {
    const figures = await reregister({ seed, rounds: 80 }, { acceptsPaths, vmsPerHost: 50 });
    expect(Number(figures["tasks SUCCEEDED"])).toBeGreaterThan(15);
    expect(Number(figures["reregistrations"])).toBeGreaterThan(15);
  },
);
