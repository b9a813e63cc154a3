import { expect, test } from "vitest";
import { aUsage, aVm, epoch } from "./testing.ts";
import { uptimeSeconds } from "./uptime.ts";

const minuteLater = Date.parse(epoch) + 60_500;

test("a running VM's uptime goes on from the last reading", () => {
  expect(uptimeSeconds(aVm(), aUsage({ uptimeSeconds: 100 }), minuteLater)).toBe(160);
});

test("a stale VM's uptime stands still", () => {
  expect(uptimeSeconds(aVm({ stale: true }), aUsage({ uptimeSeconds: 100 }), minuteLater)).toBe(100);
});

test("what does not run or was not read has none", () => {
  expect(uptimeSeconds(aVm({ powerState: "OFF" }), aUsage({ uptimeSeconds: 100 }), minuteLater)).toBeNull();
  expect(uptimeSeconds(aVm(), aUsage({ uptimeSeconds: null }), minuteLater)).toBeNull();
  expect(uptimeSeconds(aVm(), undefined, minuteLater)).toBeNull();
});

test("a clock set back never makes it smaller than read", () => {
  expect(uptimeSeconds(aVm(), aUsage({ uptimeSeconds: 100 }), Date.parse(epoch) - 5_000)).toBe(100);
});
