import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAppError } from "../errors.ts";
import type { VmFilter, VmOrder, VmOrderField } from "../inventory.ts";
import { vmOrderFields } from "../inventory.ts";
import type { Vm, VmId } from "../model.ts";
import { powerStates } from "../model.ts";
import { aNode, aNodePulse, aUsage, aVm } from "../store/contract/samples.ts";
import type { InventoryView } from "./inventory-view.ts";
import { allVms, idsOf, openTestInventory } from "./test-inventory.ts";

const asc = (field: VmOrderField): VmOrder => ({ field, direction: "ASC" });
const desc = (field: VmOrderField): VmOrder => ({ field, direction: "DESC" });

describe("filters", () => {
  const vms: Vm[] = [
    aVm({ id: "1", name: "Web-01", node: "alpha", nodeLabels: ["lab", "east"], ipAddress: "192.0.2.7" }),
    aVm({ id: "2", name: "db", node: "beta", nodeLabels: [], comment: "Straße 5", powerState: "OFF", stale: true }),
    aVm({
      id: "3",
      name: "big",
      node: "beta",
      nodeLabels: ["west"],
      hostname: "BIG.example",
      exceeds: { cpu: true, ram: false, storage: false },
    }),
  ];
  const cases: [what: string, filter: VmFilter, found: VmId[]][] = [
    ["nothing asked", {}, ["1", "2", "3"]],
    ["an empty text", { text: "" }, ["1", "2", "3"]],
    ["the name in another case", { text: "wEB" }, ["1"]],
    ["the hostname", { text: "big.EX" }, ["3"]],
    ["another address", { text: "2.0.27" }, []],
    ["a part of the address", { text: ".0.2.7" }, ["1"]],
    ["the comment", { text: "STRASSE" }, []],
    ["the comment as written", { text: "straße" }, ["2"]],
    ["not across fields", { text: "bigbig" }, []],
    ["a pattern is plain text", { text: ".*" }, []],
    ["nodes", { nodes: ["beta", "gamma"] }, ["2", "3"]],
    ["labels", { nodeLabels: ["west", "east"] }, ["1", "3"]],
    ["power states", { powerStates: ["OFF"] }, ["2"]],
    ["stale", { stale: true }, ["2"]],
    ["not stale", { stale: false }, ["1", "3"]],
    ["ids", { ids: ["3", "1", "9"] }, ["1", "3"]],
    ["an empty list", { nodes: [] }, []],
    ["a threshold", { exceeds: { cpu: true } }, ["3"]],
    ["any threshold", { exceeds: { any: true } }, ["3"]],
    ["no threshold", { exceeds: { any: false } }, ["1", "2"]],
    ["one threshold and not another", { exceeds: { cpu: true, ram: true } }, []],
    ["all conditions at once", { nodes: ["beta"], text: "b", stale: false }, ["3"]],
  ];

  it.each(cases)("find by %s", async (_, filter, found) => {
    await using test = await openTestInventory();
    await test.write({ vms });
    expect(idsOf(allVms(test.inventory, filter))).toEqual(found);
    expect(test.inventory.vms({ filter, orderBy: [], page: { first: 1 } }).totalCount).toBe(found.length);
  });
});

describe("orders", () => {
  it.each<[VmOrderField, Partial<Vm>[]]>([
    [
      "NAME",
      [{ name: "" }, { name: "a" }, { name: "A1" }, { name: "a2" }, { name: "A10" }, { name: "a10b" }, { name: "b" }],
    ],
    ["NODE", [{ node: "esx9" }, { node: "ESX10" }]],
    ["POWER_STATE", powerStates.map((powerState) => ({ powerState }))],
    ["HOSTNAME", [{ hostname: "a" }, { hostname: "B" }, { hostname: "c" }, { hostname: null }]],
    [
      "IP_ADDRESS",
      ["9.0.0.1", "10.0.0.2", "10.0.0.10", "::1", "2001:db8::9", "2001:db8:0:0::10", "none", null].map((ipAddress) => ({
        ipAddress,
      })),
    ],
    ["NUM_CPU", [{ numCpu: 2 }, { numCpu: 10 }, { numCpu: null }]],
    ["MEMORY_SIZE", [{ memorySizeMb: 512 }, { memorySizeMb: 4096 }, { memorySizeMb: null }]],
    ["GUEST_FULL_NAME", [{ guestFullName: "CentOS 8" }, { guestFullName: "centos 10" }, { guestFullName: null }]],
    ["COMMENT", [{ comment: "a" }, { comment: "B" }, { comment: null }]],
  ])("sort %s up, and down with nulls still last", async (field, inOrder) => {
    await using test = await openTestInventory();
    const nulls = inOrder.filter((given) => Object.values(given)[0] === null).length;
    const ids = inOrder.map((_, index) => `${(index * 7) % 10}-${index}`);
    await test.write({ vms: inOrder.map((given, index) => aVm({ id: ids[index] ?? "", ...given })) });
    expect(idsOf(allVms(test.inventory, {}, [asc(field)]))).toEqual(ids);
    const known = ids.slice(0, ids.length - nulls).reverse();
    expect(idsOf(allVms(test.inventory, {}, [desc(field)]))).toEqual([...known, ...ids.slice(ids.length - nulls)]);
  });

  it.each([
    "UPTIME",
    "STORAGE_COMMITTED",
    "CPU_USAGE",
    "GUEST_MEMORY_USAGE",
    "HOST_MEMORY_USAGE",
    "OBSERVED_AT",
  ] as const)("sort %s by the latest reading, VMs without one last", async (field) => {
    await using test = await openTestInventory();
    const reading = (vmId: VmId, size: number): Parameters<typeof aUsage>[0] => ({
      vmId,
      uptimeSeconds: size,
      storageCommittedBytes: size,
      overallCpuUsageMhz: size,
      guestMemoryUsageMb: size,
      hostMemoryUsageMb: size,
      observedAt: new Date(size).toISOString(),
    });
    await test.write({ nodes: [aNode({ name: "alpha" })], vms: ["a", "b", "c"].map((id) => aVm({ id })) });
    expect(idsOf(allVms(test.inventory, {}, [asc(field)]))).toEqual(["a", "b", "c"]);
    await test.store.pulse({ nodes: [], usages: [aUsage(reading("b", 20)), aUsage(reading("c", 10))] });
    await expect.poll(() => idsOf(allVms(test.inventory, {}, [asc(field)]))).toEqual(["c", "b", "a"]);
    expect(idsOf(allVms(test.inventory, {}, [desc(field)]))).toEqual(["b", "c", "a"]);
  });

  it("go by the second field where the first is equal, then by id", async () => {
    await using test = await openTestInventory();
    const given: [VmId, string, number][] = [
      ["1", "x", 4],
      ["2", "X", 8],
      ["3", "y", 2],
      ["4", "x", 8],
    ];
    await test.write({ vms: given.map(([id, name, numCpu]) => aVm({ id, name, numCpu })) });
    expect(idsOf(allVms(test.inventory, {}, [asc("NAME"), desc("NUM_CPU")]))).toEqual(["2", "4", "1", "3"]);
    expect(idsOf(allVms(test.inventory, {}, [desc("NAME"), asc("NUM_CPU")]))).toEqual(["3", "1", "2", "4"]);
  });

  it("stay right while VMs and readings change", async () => {
    const orders = vmOrderFields.flatMap((field) => [[asc(field)], [desc(field), asc("NAME")]]);
    const change = fc.record({
      id: fc.constantFrom(..."abcdefgh".split("")),
      name: fc.string({ unit: fc.constantFrom(..."aB19".split("")), maxLength: 3 }),
      numCpu: fc.option(fc.integer({ min: 1, max: 3 })),
      size: fc.integer({ min: 0, max: 5 }),
      act: fc.constantFrom("put", "put", "remove", "pulse"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
        await using test = await openTestInventory();
        const look = (): VmId[][] => orders.slice(0, 16).map((order) => idsOf(allVms(test.inventory, {}, order)));
        for (const { id, name, numCpu, size, act } of changes) {
          look();
          if (act === "put") await test.write({ vms: [aVm({ id, name, numCpu })] });
          if (act === "remove") await test.write({ removedVms: [id] });
          if (act === "pulse")
            await test.store.pulse({ nodes: [], usages: [aUsage({ vmId: id, uptimeSeconds: size })] });
        }
        await test.write({ vms: [aVm({ id: "end" })] });
        const kept = look();
        await test.restart();
        expect(kept).toEqual(look());
      }),
      { numRuns: 25 },
    );
  });
});

describe("lookups", () => {
  it("answer single VMs, nodes by name, and a node's VMs and pulse", async () => {
    await using test = await openTestInventory();
    const names = ["esx10", "ESX9", "alpha"];
    await test.write({
      nodes: names.map((name) => aNode({ name })),
      vms: [aVm({ id: "a", node: "alpha" }), aVm({ id: "b", node: "ESX9" }), aVm({ id: "c", node: "alpha" })],
    });
    await test.store.pulse({ nodes: [aNodePulse({ node: "alpha" })], usages: [aUsage({ vmId: "a" })] });
    await test.write({ vms: [aVm({ id: "b", node: "alpha" })] });
    const { inventory } = test;
    expect(inventory.nodes().map(({ name }) => name)).toEqual(["alpha", "ESX9", "esx10"]);
    expect(idsOf(inventory.vmsOf("alpha")).sort()).toEqual(["a", "b", "c"]);
    expect(inventory.vmsOf("ESX9")).toEqual([]);
    expect([inventory.vm("a"), inventory.vm("z")]).toEqual([aVm({ id: "a", node: "alpha" }), undefined]);
    expect(inventory.pulse("alpha")).toEqual(aNodePulse({ node: "alpha" }));
    expect(inventory.usage("a")).toEqual(aUsage({ vmId: "a" }));
    await test.write({ removedNodes: ["alpha"], removedVms: ["a"] });
    expect([inventory.node("alpha"), inventory.pulse("alpha"), inventory.usage("a")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("wait for a revision, and refuse one of another store", async () => {
    await using test = await openTestInventory();
    const revision = await test.store.apply({ vms: [aVm({ id: "a" })] });
    await test.inventory.caughtUp(revision);
    expect(test.inventory.vm("a")).toBeDefined();
    await expect(test.inventory.caughtUp("0-1")).rejects.toSatisfy((error) => isAppError(error, "INVALID_INPUT"));
    const ahead = revision.replace(/\d+$/, "999");
    const waiting = expect(test.inventory.caughtUp(ahead)).rejects.toSatisfy((error) =>
      isAppError(error, "SHUTTING_DOWN"),
    );
    await test.inventory.close();
    await waiting;
  });
});

describe("10,000 VMs", () => {
  it("are paged through, forwards and backwards, while some change", async () => {
    await using test = await openTestInventory();
    const vms = Array.from({ length: 10_000 }, (_, index) =>
      aVm({ id: `id-${(index * 7919) % 10_000}`, name: `vm${index}` }),
    );
    await test.write({ vms });
    const seen = await walk(test.inventory, async (page) => {
      if (page % 10 === 0) await test.write({ vms: [aVm({ id: "id-0", name: "vm0", comment: `page ${page}` })] });
    });
    expect(seen).toEqual(vms.map(({ name }) => name));
    expect(allVms(test.inventory, { text: "VM99" }).length).toBe(111);
  });

  async function walk(inventory: InventoryView, between: (page: number) => Promise<void>): Promise<string[]> {
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < 1_000; page += 1) {
      const answer = inventory.vms({ filter: {}, orderBy: [asc("NAME")], page: { first: 100, after } });
      seen.push(...answer.vms.map(({ name }) => name));
      if (!answer.hasNextPage) return seen;
      after = answer.cursors.at(-1);
      await between(page);
    }
    throw new Error("the pages do not end");
  }
});
