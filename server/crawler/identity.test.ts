import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identify, type KnownTraits, type SeenTraits, type Traits } from "./identity.ts";
import type { NodeMemory } from "./memory.ts";
import { type FakeHost, type FakeVm, fakeHost, fakeVm, volume } from "./testing/fake-host.ts";
import { lookAt, unknownNode } from "./testing/settings.ts";

const proven = { isGone: () => true, hasHidden: false };

function traits(path: string, instanceUuid: string | null = null, uuid: string | null = null): SeenTraits {
  return { path, uuid, instanceUuid, isInvalid: false };
}

function known(id: string, { path, uuid, instanceUuid }: Traits): KnownTraits {
  return { id, path, uuid, instanceUuid };
}

describe("identity", () => {
  it("makes the same id of the same thing, another one per node, in a form of its own", () => {
    const seen = [traits("/a.vmx", "i1")];
    const first = identify({ node: "n", known: [], seen, ...proven }).get("/a.vmx");
    expect(first).toMatch(/^vm_[0-9a-f]{20}$/);
    expect(identify({ node: "n", known: [], seen, ...proven }).get("/a.vmx")).toBe(first);
    expect(identify({ node: "m", known: [], seen, ...proven }).get("/a.vmx")).not.toBe(first);
  });

  it("keeps what is known by its path, whatever its UUID is now", () => {
    const ids = identify({
      node: "n",
      known: [known("A", traits("/a.vmx", "i1"))],
      seen: [traits("/a.vmx", "other")],
      ...proven,
    });
    expect(ids.get("/a.vmx")).toBe("A");
  });

  it.each([
    ["instance UUID", traits("/old.vmx", "i1"), traits("/new.vmx", "i1")],
    ["BIOS UUID where a host prints no instance UUID", traits("/old.vmx", null, "u1"), traits("/new.vmx", null, "u1")],
  ])("follows a folder that was renamed, by its %s", (_by, before, after) => {
    expect(identify({ node: "n", known: [known("A", before)], seen: [after], ...proven }).get("/new.vmx")).toBe("A");
  });

  it("follows nothing while the old path may still be there", () => {
    const lineup = { node: "n", known: [known("A", traits("/old.vmx", "i1"))], seen: [traits("/new.vmx", "i1")] };
    expect(identify({ ...lineup, ...proven, isGone: () => false }).get("/new.vmx")).not.toBe("A");
  });

  it("follows nothing while something is hidden", () => {
    const lineup = { node: "n", known: [known("A", traits("/old.vmx", "i1"))], seen: [traits("/new.vmx", "i1")] };
    expect(identify({ ...lineup, ...proven, hasHidden: true }).get("/new.vmx")).not.toBe("A");
  });

  it("follows nothing while the UUID of somebody else can't be told", () => {
    const seen = [traits("/new.vmx", "i1"), traits("/unread.vmx")];
    const ids = identify({ node: "n", known: [known("A", traits("/old.vmx", "i1"))], seen, ...proven });
    expect(ids.get("/new.vmx")).not.toBe("A");
  });

  it("is not held up by a VM that hostd can't load", () => {
    const seen = [traits("/new.vmx", "i1"), { ...traits("/broken.vmx"), isInvalid: true }];
    const ids = identify({ node: "n", known: [known("A", traits("/old.vmx", "i1"))], seen, ...proven });
    expect(ids.get("/new.vmx")).toBe("A");
  });

  it("follows nothing when two carry the UUID", () => {
    const seen = [traits("/b.vmx", "i1"), traits("/c.vmx", "i1")];
    const ids = identify({ node: "n", known: [known("A", traits("/a.vmx", "i1"))], seen, ...proven });
    expect(new Set([ids.get("/b.vmx"), ids.get("/c.vmx"), "A"]).size).toBe(3);
  });

  it("does not take a BIOS UUID for proof against the instance UUID", () => {
    const ids = identify({
      node: "n",
      known: [known("A", traits("/a.vmx", "i1", "u"))],
      seen: [traits("/b.vmx", "i2", "u")],
      ...proven,
    });
    expect(ids.get("/b.vmx")).not.toBe("A");
  });

  it("gives a newcomer another id than the VM that once came from its path", () => {
    const [first] = identify({ node: "n", known: [], seen: [traits("/a.vmx")], ...proven }).values();
    const moved = known(first ?? "", traits("/b.vmx"));
    const ids = identify({ node: "n", known: [moved], seen: [traits("/a.vmx"), traits("/b.vmx")], ...proven });
    expect(ids.get("/b.vmx")).toBe(first);
    expect(ids.get("/a.vmx")).not.toBe(first);
  });
});

type Step =
  | { readonly kind: "register" | "reregister" | "rename" | "copy" | "delete"; readonly pick: number }
  | { readonly kind: "swap"; readonly pick: number; readonly other: number };

/** Changes the host as its administrators do; every VM has its birth mark in its comment. */
function act(host: FakeHost, step: Step, nextNumber: () => number): void {
  const vm = host.vms[step.pick % Math.max(1, host.vms.length)];
  const born = (from: Partial<FakeVm> = {}) => {
    const number = nextNumber();
    const name = `vm${number}`;
    host.vms.push(fakeVm(number, name, { comment: name, ...from }));
  };
  if (vm === undefined || step.kind === "register") return born();
  if (step.kind === "reregister") vm.vmid = nextNumber();
  if (step.kind === "rename") vm.file = `moved${nextNumber()}/x.vmx`;
  if (step.kind === "copy") born({ uuid: vm.uuid, instanceUuid: vm.instanceUuid });
  if (step.kind === "delete") host.vms.splice(host.vms.indexOf(vm), 1);
  if (step.kind === "swap") {
    const other = host.vms[step.other % host.vms.length] ?? vm;
    [vm.vmid, other.vmid] = [other.vmid, vm.vmid];
  }
}

describe("identity over the life of a host", () => {
  const pick = fc.nat(20);
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constantFrom("register", "reregister", "rename", "copy", "delete"), pick }),
    fc.record({ kind: fc.constant("swap"), pick, other: fc.nat(20) }),
  );
  const life = fc.array(fc.record({ step, readsEvery: fc.integer({ min: 1, max: 4 }), hidesEvery: fc.nat(5) }), {
    maxLength: 40,
  });

  it("never lets an id pass from one VM to another, nor values of one VM to another", () => {
    fc.assert(
      fc.property(life, (steps) => {
        const host = fakeHost();
        let number = 0;
        let memory: NodeMemory = unknownNode();
        const owner = new Map<string, string>();
        steps.forEach(({ step, readsEvery, hidesEvery }, index) => {
          act(host, step, () => (number += 1));
          host.listed = hidesEvery < 2 ? undefined : ({ vmid }) => vmid % hidesEvery !== 0;
          memory = lookAt(memory, host, { at: 1e12 + index * 1000, reads: ({ vmid }) => vmid % readsEvery === 0 });
          const byPath = new Map(host.vms.map((vm) => [`${volume}/${vm.file}`, vm]));
          for (const { vm, absence, readAt } of memory.vms.values()) {
            const truth = byPath.get(vm.path);
            if (truth === undefined || absence !== undefined) continue;
            expect(owner.get(vm.id) ?? truth.comment, `id of ${vm.path}`).toBe(truth.comment);
            owner.set(vm.id, truth.comment ?? "");
            if (readAt !== 0) expect(vm.comment, `comment of ${vm.path}`).toBe(truth.comment);
          }
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps the id over re-registrations and renamed folders while every summary is read", () => {
    const quiet = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constantFrom("reregister" as const, "rename" as const), pick }),
        fc.record({ kind: fc.constant("swap" as const), pick, other: fc.nat(20) }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(quiet, (steps) => {
        const host = fakeHost(...[1, 2, 3, 4].map((vmid) => fakeVm(vmid, `vm${vmid}`, { comment: `vm${vmid}` })));
        let number = 10;
        let memory = lookAt(unknownNode(), host, { at: 1e12 });
        const ids = new Map([...memory.vms.values()].map(({ vm }) => [vm.comment, vm.id]));
        steps.forEach((step, index) => {
          act(host, step, () => (number += 1));
          memory = lookAt(memory, host, { at: 1e12 + (index + 1) * 1000 });
        });
        expect(new Map([...memory.vms.values()].map(({ vm }) => [vm.comment, vm.id]))).toEqual(ids);
        const vmids = new Map([...memory.vms.values()].map(({ vm }) => [vm.comment, vm.vmid]));
        expect(vmids).toEqual(new Map(host.vms.map((vm) => [vm.comment, vm.vmid])));
      }),
    );
  });
});
