import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VmChange, VmFilter } from "../inventory.ts";
import type { Revision, Vm, VmId } from "../model.ts";
import { aTask, aUsage, aVm } from "../store/contract/samples.ts";
import type { InventoryView } from "./inventory-view.ts";
import type { TestInventory } from "./test-inventory.ts";
import { allVms, nextOf, openTestInventory } from "./test-inventory.ts";

/** A client as the API means it: reads a page, follows from its revision, reads again when told to. */
interface Client {
  /** Takes what there is to read; `until`: goes on until that VM has been seen. */
  read(until?: VmId): Promise<void>;
  /** The line breaks; what was not read is lost. */
  cut(): void;
  readonly held: ReadonlyMap<VmId, Vm>;
}

function createClient(inventoryNow: () => InventoryView, filter: VmFilter): Client {
  const held = new Map<VmId, Vm>();
  let revision: Revision | undefined;
  let line: { iterator: AsyncIterator<VmChange>; pending?: Promise<VmChange>; controller: AbortController } | undefined;

  function readPage(): void {
    const page = inventoryNow().vms({ filter, orderBy: [], page: { first: 1_000 } });
    held.clear();
    for (const vm of page.vms) held.set(vm.id, vm);
    revision = page.revision;
  }

  function connect(): NonNullable<typeof line> {
    if (revision === undefined) readPage();
    const controller = new AbortController();
    const iterator = inventoryNow().watchVms(filter, revision, controller.signal)[Symbol.asyncIterator]();
    return { iterator, controller };
  }

  function take(change: VmChange): void {
    if (change.kind === "RESET") {
      readPage();
      return;
    }
    for (const id of change.removed) held.delete(id);
    for (const vm of change.upserted) held.set(vm.id, vm);
    revision = change.revision;
  }

  return {
    held,
    async read(until) {
      line ??= connect();
      for (;;) {
        line.pending ??= nextOf(line.iterator);
        const change = await (until === undefined ? soon(line.pending) : line.pending);
        if (change === undefined) return;
        line.pending = undefined;
        take(change);
        if (until === undefined || held.has(until)) return;
      }
    },
    cut() {
      line?.controller.abort();
      line?.pending?.catch(() => undefined);
      line = undefined;
    },
  };
}

/** The value if it is there by now. */
async function soon<T>(promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
}

const ids = "abcdefgh".split("");
const filters: readonly VmFilter[] = [{}, { powerStates: ["ON"] }, { text: "x", powerStates: ["ON", "OFF"] }];

const put = fc.record({
  act: fc.constant("put" as const),
  id: fc.constantFrom(...ids),
  name: fc.constantFrom("x", "xy", "z"),
  powerState: fc.constantFrom("ON" as const, "OFF" as const),
});
const step = fc.oneof(
  { weight: 6, arbitrary: put },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("remove" as const), id: fc.constantFrom(...ids) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("read" as const), client: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("cut" as const), client: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom("pulse" as const, "task" as const, "wait" as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("restart" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function perform(test: TestInventory, clients: readonly Client[], one: Step): Promise<void> {
  switch (one.act) {
    case "put":
      await test.store.apply({ vms: [aVm(withoutAct(one))] });
      return;
    case "remove":
      await test.store.apply({ removedVms: [one.id] });
      return;
    case "read":
      await clients[one.client]?.read();
      return;
    case "cut":
      clients[one.client]?.cut();
      return;
    case "pulse":
      await test.store.pulse({ nodes: [], usages: [aUsage({ vmId: "a" })] });
      return;
    case "task":
      await test.store.createTask({ task: aTask({ id: crypto.randomUUID() }), idempotencyKey: null, inputHash: "h" });
      return;
    case "wait":
      await test.inventory.caughtUp((await test.store.load()).revision);
      return;
    case "restart":
      for (const client of clients) client.cut();
      await test.restart();
      return;
    default:
      throw new Error("no such step");
  }
}

function withoutAct({
  id,
  name,
  powerState,
}: Pick<Vm, "id" | "name" | "powerState">): Pick<Vm, "id" | "name" | "powerState"> {
  return { id, name, powerState };
}

describe("clients that are cut, slow, reset and restarted under them", () => {
  it.each([
    ["with room for everything", {}],
    ["with little room for what they miss", { pendingVms: 2, removedVms: 2 }],
  ])("hold in the end what a fresh query answers, %s", async (_, limits) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        await using test = await openTestInventory(limits);
        const clients = filters.map((filter) => createClient(() => test.inventory, filter));
        for (const one of steps) await perform(test, clients, one);
        await test.write({ vms: [aVm({ id: "end", name: "x" })] });
        for (const [index, client] of clients.entries()) {
          await client.read("end");
          expect([...client.held.values()].sort(byId)).toEqual(allVms(test.inventory, filters[index]));
          client.cut();
        }
        expect(test.inventory.watcherCount).toBe(0);
      }),
      { numRuns: 120 },
    );
  });

  it("who come from a server that was ahead wait for what it knew, and are not reset", async () => {
    await using test = await openTestInventory();
    const now = await test.write({ vms: [aVm({ id: "a" })] });
    const ahead = now.replace(/\d+$/, (digits) => String(Number(digits) + 1));
    const stream = test.inventory.watchVms({}, ahead, AbortSignal.timeout(20_000))[Symbol.asyncIterator]();
    const first = nextOf(stream);
    expect(await test.write({ vms: [aVm({ id: "known there" })] })).toBe(ahead);
    await test.write({ vms: [aVm({ id: "b" })] });
    const seen = [...(await first).upserted, ...((await soon(nextOf(stream)))?.upserted ?? [])];
    expect(seen.map(({ id }) => id)).not.toContain("a");
    expect((await first).kind).toBe("CHANGES");
    expect(seen.map(({ id }) => id)).toContain("b");
  });

  it("who bring a revision that is never reached are reset", async () => {
    await using test = await openTestInventory();
    const now = await test.write({ vms: [aVm({ id: "a" })] });
    const never = now.replace(/\d+$/, "999999");
    const stream = test.inventory.watchVms({}, never, AbortSignal.timeout(20_000))[Symbol.asyncIterator]();
    expect((await nextOf(stream)).kind).toBe("RESET");
  });

  it("come through a hundred cuts under churn of many VMs", async () => {
    await using test = await openTestInventory();
    const client = createClient(() => test.inventory, { powerStates: ["ON"] });
    const random = fc.sample(fc.nat(), { numRuns: 3_000, seed: 7 });
    for (let round = 0; round < 300; round += 1) {
      const [one = 0, two = 0, three = 0] = random.slice(round * 3);
      const id = `vm-${one % 200}`;
      if (two % 5 === 0) await test.store.apply({ removedVms: [id] });
      else await test.store.apply({ vms: [aVm({ id, name: `n${two}`, powerState: two % 3 === 0 ? "OFF" : "ON" })] });
      if (three % 2 === 0) await client.read();
      if (round % 3 === 0) client.cut();
    }
    await test.write({ vms: [aVm({ id: "end" })] });
    await client.read("end");
    expect([...client.held.values()].sort(byId)).toEqual(allVms(test.inventory, { powerStates: ["ON"] }));
    client.cut();
  });
});

function byId(a: Vm, b: Vm): number {
  return a.id < b.id ? -1 : 1;
}
