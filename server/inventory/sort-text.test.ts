import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressKey, naturalKey } from "./sort-text.ts";

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

describe("natural order", () => {
  it("puts numbers by value, wherever they stand and however long they are", () => {
    const number = fc.bigInt({ min: 0n, max: 10n ** 40n });
    fc.assert(
      fc.property(fc.constantFrom("", "vm", "vm-"), number, number, (prefix, a, b) => {
        const keys = [naturalKey(`${prefix}${a}.x`), naturalKey(`${prefix}${b}.x`)] as const;
        expect(compare(...keys)).toBe(compare(...([a, b].map((n) => String(n).padStart(50, "0")) as [string, string])));
      }),
    );
  });

  it("agrees with what a locale-aware collation says of plain letters and digits", () => {
    const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
    const text = fc.string({ unit: fc.constantFrom("a", "B", "c", "1", "2", "9"), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(compare(naturalKey(a), naturalKey(b))).toBe(Math.sign(collator.compare(a, b)));
      }),
    );
  });

  it("ignores case and ways to write a character", () => {
    expect(naturalKey("ÄRGER")).toBe(naturalKey("a\u0308rger"));
    expect(naturalKey("vm７")).toBe(naturalKey("VM7"));
  });
});

describe("addresses", () => {
  it("go by value: IPv4, IPv6, the rest", () => {
    const inOrder = [
      "0.0.0.0",
      "9.255.0.1",
      "10.0.0.2",
      "10.0.0.10",
      "::",
      "::1",
      "::ffff:10.0.0.1",
      "fe80::1%eth0",
      "fe80::a",
      "fe80::1:0:0:0",
      "10.0.0",
      "host",
    ];
    const shuffled = inOrder.toReversed().sort((a, b) => compare(addressKey(a), addressKey(b)));
    expect(shuffled).toEqual(inOrder);
  });

  it("are the same in every way to write them", () => {
    expect(addressKey("2001:DB8:0:0:0:0:0:1")).toBe(addressKey("2001:db8::1"));
  });
});
