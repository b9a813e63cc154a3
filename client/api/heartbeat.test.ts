import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHeartbeat, pingEveryMs } from "./heartbeat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const told: string[] = [];
  const heartbeat = createHeartbeat({
    onSilent: () => told.push("silent"),
    onHeard: () => told.push("heard"),
    onDead: () => told.push("dead"),
  });
  return { heartbeat, told };
}

test("an answer in time is no news", () => {
  const { heartbeat, told } = start();
  heartbeat.asked();
  vi.advanceTimersByTime(500);
  heartbeat.heard();
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
});

test("silence is told within 2 s of the last answer, and given up after a while", () => {
  const { heartbeat, told } = start();
  vi.advanceTimersByTime(pingEveryMs);
  heartbeat.asked();
  vi.advanceTimersByTime(2_000 - pingEveryMs);
  expect(told).toEqual(["silent"]);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(["silent", "dead"]);
});

test("an answer after all is told", () => {
  const { heartbeat, told } = start();
  heartbeat.asked();
  vi.advanceTimersByTime(1_500);
  heartbeat.heard();
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(["silent", "heard"]);
});

test("a page that slept does not blame the line", () => {
  const { heartbeat, told } = start();
  heartbeat.asked();
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(900);
  expect(told).toEqual([]);
  heartbeat.heard();
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
});
