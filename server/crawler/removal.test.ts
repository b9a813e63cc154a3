import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Absence, isGone, missedBy, type Witness } from "./removal.ts";

/** When a VM that no scan shows is removed: the index of the scan, or undefined. */
function removedAt(witnesses: readonly Witness[]): number | undefined {
  let absence: Absence | undefined;
  for (const [index, witness] of witnesses.entries()) {
    absence = missedBy(absence, witness);
    if (absence !== undefined && isGone(absence, witness)) return index;
  }
  return undefined;
}

const minute = 60_000;
const whole = (minutes: number): Witness => ({ at: minutes * minute, complete: true, register: "read" });
const withoutRegister = (minutes: number): Witness => ({ ...whole(minutes), register: "absent" });
const withDamage = (minutes: number): Witness => ({ ...whole(minutes), register: "damaged" });
const partial = (minutes: number): Witness => ({ ...whole(minutes), complete: false });

describe("removal", () => {
  it("takes two complete scans", () => {
    expect(removedAt([whole(0)])).toBeUndefined();
    expect(removedAt([whole(0), whole(1)])).toBe(1);
  });

  it("counts no failed or partial scan, and forgets nothing over one", () => {
    expect(removedAt([partial(0), whole(1), partial(2), partial(3)])).toBeUndefined();
    expect(removedAt([whole(0), partial(1), whole(2)])).toBe(2);
  });

  it("takes five minutes of complete scans where vmInventory.xml can't be read", () => {
    expect(removedAt([0, 1, 2, 3, 4].map(withoutRegister))).toBeUndefined();
    expect(removedAt([0, 1, 2, 3, 4, 5].map(withoutRegister))).toBe(5);
  });

  it("takes several scans there, however far apart", () => {
    expect(removedAt([0, 10, 20, 30].map(withoutRegister))).toBeUndefined();
    expect(removedAt([0, 10, 20, 30, 40].map(withoutRegister))).toBe(4);
  });

  it("takes thirty scans where vmInventory.xml makes no sense, one without damage settles it", () => {
    const damaged = Array.from({ length: 40 }, (_, index) => withDamage(index * 10));
    expect(removedAt(damaged)).toBe(29);
    expect(removedAt([whole(0), ...damaged.slice(1, 20), whole(200)])).toBe(20);
  });

  it("does not count an outage into the five minutes", () => {
    expect(
      removedAt([withoutRegister(0), partial(1), partial(9), withoutRegister(10), withoutRegister(11)]),
    ).toBeUndefined();
  });

  it("is never by partial evidence, whatever comes in whatever order", () => {
    const witness = fc.record({
      complete: fc.boolean(),
      register: fc.constantFrom("read" as const, "absent" as const, "damaged" as const),
      gap: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(witness, { maxLength: 30 }), (steps) => {
        let at = 0;
        const witnesses = steps.map(({ complete, register, gap }) => {
          at += gap * 1000;
          return { at, complete, register };
        });
        const index = removedAt(witnesses);
        if (index === undefined) return;
        const seen = witnesses.slice(0, index + 1);
        const last = seen.at(-1);
        expect(last?.complete).toBe(true);
        const registers = seen.filter(({ complete, register }) => complete && register === "read").length;
        if (last?.register === "read") expect(registers).toBeGreaterThanOrEqual(2);
        else {
          const firstOfRow = seen.findLastIndex(({ complete }) => !complete) + 1;
          expect((last?.at ?? 0) - (seen[firstOfRow]?.at ?? 0)).toBeGreaterThanOrEqual(300_000);
        }
      }),
    );
  });
});
