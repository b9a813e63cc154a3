import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAppError } from "../errors.ts";
import type { PageRequest, VmOrder, VmPage } from "../inventory.ts";
import type { VmId } from "../model.ts";
import { aVm } from "../store/contract/samples.ts";
import type { TestInventory } from "./test-inventory.ts";
import { allVms, idsOf, openTestInventory } from "./test-inventory.ts";

const byCpu: readonly VmOrder[] = [
  { field: "NUM_CPU", direction: "DESC" },
  { field: "NAME", direction: "ASC" },
];

function pageOf(test: TestInventory, page: PageRequest, orderBy = byCpu): VmPage {
  return test.inventory.vms({ filter: {}, orderBy, page });
}

async function withFive(): Promise<TestInventory> {
  const test = await openTestInventory();
  await test.write({ vms: "abcde".split("").map((id) => aVm({ id, numCpu: 1 })) });
  return test;
}

describe("a page", () => {
  it("says how many there are, whether there are more on either side, and as of when", async () => {
    await using test = await withFive();
    const first = pageOf(test, { first: 2 });
    expect(idsOf(first.vms)).toEqual(["a", "b"]);
    expect(first).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: false,
      totalCount: 5,
      revision: test.inventory.revision,
    });
    const middle = pageOf(test, { first: 2, after: first.cursors[1] });
    expect(idsOf(middle.vms)).toEqual(["c", "d"]);
    expect(middle).toMatchObject({ hasNextPage: true, hasPreviousPage: true, totalCount: 5 });
    const end = pageOf(test, { first: 2, after: middle.cursors[1] });
    expect(idsOf(end.vms)).toEqual(["e"]);
    expect(end).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it("from the end is the mirror of one from the beginning", async () => {
    await using test = await withFive();
    const last = pageOf(test, { last: 2 });
    expect(idsOf(last.vms)).toEqual(["d", "e"]);
    expect(last).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const before = pageOf(test, { last: 2, before: last.cursors[0] });
    expect(idsOf(before.vms)).toEqual(["b", "c"]);
    expect(before).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const begin = pageOf(test, { last: 2, before: before.cursors[0] });
    expect(idsOf(begin.vms)).toEqual(["a"]);
    expect(begin).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  it("may lie between two cursors, and is empty where they cross", async () => {
    await using test = await withFive();
    const { cursors } = pageOf(test, { first: 5 });
    expect(idsOf(pageOf(test, { first: 9, after: cursors[0], before: cursors[3] }).vms)).toEqual(["b", "c"]);
    expect(idsOf(pageOf(test, { last: 1, after: cursors[0], before: cursors[3] }).vms)).toEqual(["c"]);
    expect(idsOf(pageOf(test, { first: 9, after: cursors[3], before: cursors[0] }).vms)).toEqual([]);
    expect(idsOf(pageOf(test, { last: 9, after: cursors[3], before: cursors[0] }).vms)).toEqual([]);
  });

  it("goes on after a VM that has gone or moved elsewhere since", async () => {
    await using test = await withFive();
    const { cursors } = pageOf(test, { first: 2 });
    await test.write({ removedVms: ["b"] });
    expect(idsOf(pageOf(test, { first: 2, after: cursors[1] }).vms)).toEqual(["c", "d"]);
    await test.write({ vms: [aVm({ id: "b", numCpu: 1, name: "zz" })] });
    expect(idsOf(pageOf(test, { first: 9, after: cursors[1] }).vms)).toEqual(["c", "d", "e", "b"]);
    expect(idsOf(pageOf(test, { last: 9, before: cursors[1] }).vms)).toEqual(["a"]);
  });

  it("is refused for a cursor of another order, and for what is no cursor", async () => {
    await using test = await withFive();
    const cursor = pageOf(test, { first: 1 }).cursors[0] ?? "";
    const refused = (page: PageRequest, orderBy = byCpu): void =>
      expect(() => pageOf(test, page, orderBy)).toThrow(
        expect.toSatisfy((error) => isAppError(error, "INVALID_INPUT")),
      );
    const own = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString("base64url");
    const signature = "NUM_CPU DESC,NAME ASC";
    expect(pageOf(test, { first: 1, after: own(signature, "a", 1, "a") }).vms).toHaveLength(1);
    for (const after of [
      "",
      "garbage",
      "e30",
      own(signature, "a", 1),
      own(signature, "a", "1", "a"),
      own(signature, 7, 1, "a"),
    ]) {
      refused({ first: 1, after });
      refused({ last: 1, before: after });
    }
    refused({ first: 1, after: cursor }, []);
    refused({ first: 1, after: cursor }, byCpu.slice(0, 1));
    refused({ last: 1, before: cursor }, byCpu.toReversed());
  });

  it("has cursors of bounded length, whatever the VM's texts", async () => {
    await using test = await openTestInventory();
    await test.write({ vms: [aVm({ id: "long", comment: "9\u0000💾".repeat(20_000), name: "\ud83d".repeat(300) })] });
    const orderBy: VmOrder[] = [
      { field: "COMMENT", direction: "ASC" },
      { field: "NAME", direction: "ASC" },
    ];
    const { cursors } = pageOf(test, { first: 1 }, orderBy);
    expect(cursors[0]?.length).toBeLessThan(10_000);
    expect(pageOf(test, { first: 1, after: cursors[0] }, orderBy).vms).toEqual([]);
  });
});

describe("pages over churn", () => {
  const ids = "abcdefghij".split("");
  const step = fc.record({
    change: fc.option(
      fc.record({ id: fc.constantFrom(...ids, "new"), numCpu: fc.integer({ min: 1, max: 3 }), gone: fc.boolean() }),
    ),
    size: fc.integer({ min: 1, max: 4 }),
  });

  it.each(["forwards", "backwards"] as const)("neither lose nor repeat a VM that stayed, %s", async (way) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 10, maxLength: 10 }),
        fc.array(step),
        async (cpus, steps) => {
          await using test = await openTestInventory();
          await test.write({ vms: ids.map((id, index) => aVm({ id, numCpu: cpus[index] ?? null })) });
          const touched = new Set<VmId>();
          const seen: VmId[] = [];
          let cursor: string | undefined;
          for (let index = 0; index < 40; index += 1) {
            const { change, size } = steps[index] ?? { change: null, size: 2 };
            const page = pageOf(
              test,
              way === "forwards" ? { first: size, after: cursor } : { last: size, before: cursor },
            );
            seen.push(...(way === "forwards" ? idsOf(page.vms) : idsOf(page.vms).reverse()));
            if (!(way === "forwards" ? page.hasNextPage : page.hasPreviousPage)) break;
            cursor = page.cursors.at(way === "forwards" ? -1 : 0);
            if (change === null) continue;
            touched.add(change.id);
            await test.write(
              change.gone ? { removedVms: [change.id] } : { vms: [aVm({ id: change.id, numCpu: change.numCpu })] },
            );
          }
          const stayed = idsOf(allVms(test.inventory, {}, byCpu)).filter((id) => !touched.has(id));
          expect(seen.filter((id) => !touched.has(id))).toEqual(way === "forwards" ? stayed : stayed.reverse());
        },
      ),
      { numRuns: 40 },
    );
  });
});
