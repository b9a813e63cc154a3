import { describe, expect, it } from "vitest";
import { createSilences } from "./silences.ts";

/** Looks that take 100 ms and start at the times given, at a server whose beats are as given. */
function silenceAfter(looks: readonly (readonly [startedAt: number, beat: string])[]): number {
  const silences = createSilences({ beatMs: 2500, leaseMs: 10_000 });
  for (const [startedAt, beat] of looks)
    silences.note(new Map([["server", beat]]), { startedAt, endedAt: startedAt + 100 });
  return silences.of("server");
}

describe("silence", () => {
  it("is none at first sight, and after every change", () => {
    expect(silenceAfter([[0, "1"]])).toBe(0);
    expect(
      silenceAfter([
        [0, "1"],
        [2500, "1"],
        [5000, "2"],
      ]),
    ).toBe(0);
  });

  it("is counted from the end of one look to the start of the next", () => {
    expect(
      silenceAfter([
        [0, "1"],
        [2500, "1"],
        [5000, "1"],
      ]),
    ).toBe(4800);
  });

  it("counts no gap between looks for more than a round and a half", () => {
    expect(
      silenceAfter([
        [0, "1"],
        [9000, "1"],
      ]),
    ).toBe(3750);
  });

  it("begins anew after a gap of the whole lease time", () => {
    expect(
      silenceAfter([
        [0, "1"],
        [2500, "1"],
        [30_000, "1"],
      ]),
    ).toBe(0);
  });

  it("begins anew after a failed look, and for what was away", () => {
    const silences = createSilences({ beatMs: 2500, leaseMs: 10_000 });
    const look = (startedAt: number, values: Record<string, string>): void =>
      silences.note(new Map(Object.entries(values)), { startedAt, endedAt: startedAt });
    look(0, { a: "1", b: "1" });
    look(2000, { a: "1" });
    look(4000, { a: "1", b: "1" });
    expect([silences.of("a"), silences.of("b")]).toEqual([4000, 0]);
    silences.restart();
    expect(silences.of("a")).toBe(0);
    look(6000, { a: "1" });
    expect(silences.of("a")).toBe(0);
  });
});
