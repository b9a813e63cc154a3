import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";
import { type Connection, isOld, nextConnection } from "./connection.ts";

const connecting: Connection = { kind: "connecting", since: 1 };
const live = nextConnection(connecting, { kind: "live" }, 2);

test("a loss lasts from its first sign on", () => {
  const lost = nextConnection(live, { kind: "lost", reason: "cut" }, 10);
  expect(lost).toMatchObject({ kind: "lost", since: 10 });
  const tried = nextConnection(lost, { kind: "lost", reason: "refused", retryAt: 30 }, 20);
  expect(tried).toEqual({ kind: "lost", since: 10, reason: "refused", retryAt: 30 });
  expect(nextConnection(tried, { kind: "live" }, 30)).toEqual({ kind: "live", since: 30 });
});

test("what never was live is lost since the page was opened", () => {
  expect(nextConnection(connecting, { kind: "lost", reason: "refused" }, 5)).toMatchObject({ since: 1 });
});

test("news that are none keep the state", () => {
  expect(nextConnection(live, { kind: "live" }, 9)).toBe(live);
  expect(nextConnection(live, { kind: "signedIn" }, 9)).toBe(live);
});

test("after signing in it begins anew", () => {
  const out = nextConnection(live, { kind: "signedOut" }, 3);
  expect(isOld(out)).toBe(true);
  expect(nextConnection(out, { kind: "signedIn" }, 4)).toEqual({ kind: "connecting", since: 4 });
});

test("retries come later and later, up to a bound, and never at once", () => {
  const least = [0, 1, 2, 10].map((attempt) => backoffMs(attempt, { random: () => 0 }));
  const most = [0, 1, 2, 10].map((attempt) => backoffMs(attempt, { random: () => 1 }));
  expect(least).toEqual([250, 500, 1000, 7500]);
  expect(most).toEqual([500, 1000, 2000, 15_000]);
});
