import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Stake, shareOut } from "./shares.ts";

const servers = ["a", "b", "c", "d"];

function stake(node: string, keeper?: string, candidates: readonly string[] = servers): Stake {
  return { node, keeper, candidates, isMovable: true };
}

function countsOf(targets: ReadonlyMap<string, string>, ids = servers): number[] {
  return ids.map((id) => [...targets.values()].filter((target) => target === id).length);
}

const nodes = Array.from({ length: 30 }, (_, index) => `n${index}`);

describe("shares", () => {
  it("are 8, 8, 7 and 7 of thirty nodes, whoever had how many", () => {
    const keepers = fc.array(fc.constantFrom(...servers, undefined), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(keepers, (keepers) => {
        const targets = shareOut(
          servers,
          nodes.map((node, index) => stake(node, keepers[index])),
        );
        expect(countsOf(targets).sort((one, other) => one - other)).toEqual([7, 7, 8, 8]);
      }),
    );
  });

  it("leave everything where it is as long as it is even", () => {
    const stakes = nodes.map((node, index) => stake(node, servers[index % 4]));
    expect([...shareOut(servers, stakes).values()]).toEqual(stakes.map(({ keeper }) => keeper));
  });

  it("move no more than the difference", () => {
    const stakes = nodes.map((node, index) => stake(node, index < 15 ? "a" : "b"));
    const targets = shareOut(["a", "b", "c"], stakes);
    expect(countsOf(targets, ["a", "b", "c"])).toEqual([10, 10, 10]);
    expect(stakes.filter(({ node, keeper }) => targets.get(node) !== keeper)).toHaveLength(10);
  });

  it("go to nobody who could not have it, and leave what may not move", () => {
    const list = fc.uniqueArray(fc.constantFrom(...servers), { maxLength: 4 });
    const stakes = fc.array(fc.record({ candidates: list, hasKeeper: fc.boolean(), isMovable: fc.boolean() }));
    fc.assert(
      fc.property(stakes, (drawn) => {
        const stakes = drawn.map(({ candidates, hasKeeper, isMovable }, index): Stake => {
          return { node: `n${index}`, candidates, isMovable, keeper: hasKeeper ? candidates[0] : undefined };
        });
        const targets = shareOut(servers, stakes);
        for (const { node, candidates, keeper, isMovable } of stakes) {
          const target = targets.get(node);
          if (target === undefined) expect(candidates).toEqual([]);
          else expect(candidates).toContain(target);
          if (!isMovable && keeper !== undefined) expect(target).toBe(keeper);
        }
      }),
    );
  });

  it("leave to the only one who can take it what only he can take", () => {
    const stakes = [stake("x", undefined, ["a", "b"]), stake("y", undefined, ["a", "b"]), stake("z", undefined, ["a"])];
    expect(countsOf(shareOut(["a", "b"], stakes), ["a", "b"]).sort((one, other) => one - other)).toEqual([1, 2]);
    expect(shareOut(["a", "b"], stakes).get("z")).toBe("a");
  });
});
