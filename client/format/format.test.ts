import { expect, test } from "vitest";
import { bytesText, memoryText, mhzText } from "./size.ts";
import { ageText, durationText } from "./time.ts";

test.each([
  [0, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3_600, "1 h"],
  [3_660, "1 h 1 min"],
  [86_400, "1 d"],
  [273_600, "3 d 4 h"],
  [100 * 86_400 + 3_600, "100 d"],
])("%d seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test("ages are told by the clock that is given", () => {
  expect(ageText("1970-01-01T00:00:10.000Z", 11_000)).toBe("just now");
  expect(ageText("1970-01-01T00:00:10.000Z", 200_000)).toBe("3 min ago");
});

test.each([
  [bytesText(null), ""],
  [bytesText(0), "0 MB"],
  [bytesText(52_410_000_000), "52.4 GB"],
  [bytesText(1_250_000_000_000), "1.3 TB"],
  [memoryText(512), "512 MB"],
  [memoryText(8192), "8 GB"],
  [memoryText(1536), "1.5 GB"],
  [mhzText(2_400), "2400 MHz"],
  [mhzText(24_000), "24 GHz"],
])("%j is %j", (text, expected) => {
  expect(text).toBe(expected);
});
