import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../errors.ts";
import { periodOf } from "./pace.ts";

const pace = { intervalMs: 60_000, random: () => 0.5 };

function after(code: ErrorCode, sinceMs: number, failures = 2): number {
  return periodOf(pace, { code, failures, sinceMs });
}

describe("pace", () => {
  it("is the interval within five percent while a node answers", () => {
    expect(periodOf(pace, undefined)).toBe(60_000);
    expect(periodOf({ ...pace, random: () => 0 }, undefined)).toBe(57_000);
    expect(periodOf({ ...pace, random: () => 1 }, undefined)).toBe(63_000);
  });

  it("grows with the outage of an unreachable host, up to five minutes", () => {
    expect(after("HOST_UNREACHABLE", 0)).toBe(60_000);
    expect(after("HOST_UNREACHABLE", 400_000)).toBe(100_000);
    expect(after("HOST_UNREACHABLE", 86_400_000)).toBe(300_000);
  });

  it("sees a host again within two intervals and 30 s after an outage of ten minutes", () => {
    for (let sinceMs = 0; sinceMs <= 600_000; sinceMs += 10_000)
      expect(after("HOST_UNREACHABLE", sinceMs)).toBeLessThanOrEqual(2 * 60_000 + 30_000);
  });

  it("looks for a changed key or known_hosts every minute", () => {
    expect(after("HOST_KEY_UNKNOWN", 86_400_000)).toBe(60_000);
    expect(after("AUTH_FAILED", 86_400_000)).toBe(60_000);
  });

  it("asks again soon after one damaged output, and on the interval after the second", () => {
    expect(after("OUTPUT_DAMAGED", 0, 1)).toBe(5_000);
    expect(after("OUTPUT_DAMAGED", 5_000, 2)).toBe(60_000);
  });

  it("keeps to the interval while hostd is down", () => {
    expect(after("HOSTD_DOWN", 86_400_000)).toBe(60_000);
  });
});
