import { expect, test } from "vitest";
import type { Datastore } from "../model.ts";
import { allocatedCpus, nodeExceeds, usedPercent, vmCounts } from "./node-load.ts";
import { aNode, aPulse, aVm } from "./testing.ts";

const [ssd] = aNode().datastores;

function datastore(overrides: Partial<Datastore>): Datastore {
  return { ...(ssd as Datastore), ...overrides };
}

test("a node is marked at its limits, not below", () => {
  // 8 cores, 4 virtual CPUs each allowed; 64 GiB of which 90 %; a datastore of 100 of which 85 %.
  const memoryBytes = aNode().hardware?.memoryBytes ?? 0;
  const at = nodeExceeds(
    aNode({ datastores: [datastore({ capacityBytes: 100, freeBytes: 15 })] }),
    [aVm({ numCpu: 30 }), aVm({ numCpu: 2 })],
    aPulse({ memoryUsageBytes: memoryBytes * 0.9 }),
  );
  expect(at).toEqual({ cpu: true, memory: true, storage: true });
  const below = nodeExceeds(
    aNode({ datastores: [datastore({ capacityBytes: 100, freeBytes: 16 })] }),
    [aVm({ numCpu: 31 })],
    aPulse({ memoryUsageBytes: memoryBytes * 0.89 }),
  );
  expect(below).toEqual({ cpu: false, memory: false, storage: false });
});

test("what is not known is not marked", () => {
  const bare = aNode({ hardware: null, datastores: [] });
  expect(nodeExceeds(bare, [aVm({ numCpu: 500 })], undefined)).toEqual({ cpu: false, memory: false, storage: false });
});

test("only powered-on VMs count towards the processors", () => {
  const vms = [aVm({ numCpu: 4 }), aVm({ numCpu: 8, powerState: "OFF" }), aVm({ numCpu: null })];
  expect(allocatedCpus(vms)).toBe(4);
});

test("a datastore that is not mounted has no use", () => {
  expect(usedPercent(datastore({ mounted: false }))).toBeNull();
  expect(usedPercent(datastore({ capacityBytes: 0, freeBytes: 0 }))).toBeNull();
  expect(usedPercent(datastore({ capacityBytes: 400, freeBytes: 100 }))).toBe(75);
});

test("VMs are counted by power state", () => {
  const vms = (["ON", "ON", "OFF", "SUSPENDED", "UNKNOWN"] as const).map((powerState) => aVm({ powerState }));
  expect(vmCounts(vms)).toEqual({ on: 2, off: 1, suspended: 1, unknown: 1, total: 5 });
});
