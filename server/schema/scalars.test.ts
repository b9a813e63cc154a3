import { isScalarType } from "graphql";
import { describe, expect, test } from "vitest";
import { buildSchema } from "./index.ts";

const schema = buildSchema();

function scalar(name: string) {
  const type = schema.getType(name);
  if (!isScalarType(type)) throw new Error(`${name} is no scalar`);
  return {
    output: (value: unknown) => type.coerceOutputValue(value),
    input: (value: unknown) => type.coerceInputValue(value),
  };
}

describe("ByteSize", () => {
  const { input, output } = scalar("ByteSize");
  test.each([0, 1, 2 ** 31, 2 ** 53 - 1])("takes %d", (value) => {
    expect(output(value)).toBe(value);
    expect(input(value)).toBe(value);
  });
  test.each([-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "1", null, {}, true])("refuses %s", (value) => {
    expect(() => output(value)).toThrow("ByteSize must be a whole number");
    expect(() => input(value)).toThrow("ByteSize must be a whole number");
  });
});

describe("DateTime", () => {
  const { input, output } = scalar("DateTime");
  test("takes a moment with its zone and reads it as UTC", () => {
    expect(output("2026-11-21T09:00:00.000Z")).toBe("2026-11-21T09:00:00.000Z");
    expect(input("2026-11-21T10:00:00+01:00")).toBe("2026-11-21T09:00:00.000Z");
  });
  test.each(["2026-11-21", "2026-11-21T09:00:00", "2026-13-01T00:00:00Z", "now", 0, null, new Date(0)])(
    "refuses %s",
    (value) => {
      expect(() => output(value)).toThrow("DateTime must be ISO 8601");
      expect(() => input(value)).toThrow("DateTime must be ISO 8601");
    },
  );
});
