/** Records for tests: whole and valid, each differing from the others only in what a test says. */
import type { Clock } from "../../clock.ts";
import type { Node, NodePulse, Task, Vm, VmUsage } from "../../model.ts";

const time = "2026-01-02T03:04:05.678Z";

export function aVm(given: Partial<Vm> & Pick<Vm, "id">): Vm {
  return {
    node: "alpha",
    nodeLabels: ["lab"],
    vmid: 1,
    path: `/vmfs/volumes/5f0c/${given.id}/${given.id}.vmx`,
    name: given.id,
    powerState: "ON",
    connectionState: "CONNECTED",
    overallStatus: "GREEN",
    bootTime: null,
    toolsStatus: "toolsOk",
    toolsRunningStatus: "guestToolsRunning",
    hostname: null,
    ipAddress: null,
    memorySizeMb: 2048,
    numCpu: 2,
    numEthernetCards: 1,
    numVirtualDisks: 1,
    guestId: "debian12_64Guest",
    guestFullName: "Debian GNU/Linux 12 (64-bit)",
    uuid: null,
    instanceUuid: null,
    hardwareVersion: "vmx-19",
    consolidationNeeded: false,
    datastore: "ds1",
    datastorePath: null,
    comment: null,
    question: null,
    readError: null,
    stale: false,
    exceeds: { cpu: false, ram: false, storage: false },
    ...given,
  };
}

export function aUsage(given: Partial<VmUsage> & Pick<VmUsage, "vmId">): VmUsage {
  return {
    observedAt: time,
    overallCpuUsageMhz: 120,
    guestMemoryUsageMb: 512,
    hostMemoryUsageMb: 1900,
    storageCommittedBytes: 4_000_000_000,
    storageUncommittedBytes: 0,
    uptimeSeconds: 3600,
    ...given,
  };
}

export function aNode(given: Partial<Node> & Pick<Node, "name">): Node {
  return {
    address: "192.0.2.1",
    labels: ["lab"],
    status: "ONLINE",
    statusMessage: null,
    statusSince: time,
    version: "8.0.1",
    build: "21813344",
    hardware: null,
    datastores: [],
    portGroups: [{ name: "VM Network", virtualSwitch: "vSwitch0", vlanId: 0 }],
    isoImages: [],
    hardwareVersion: null,
    guestSystems: [],
    defaults: { datastorePath: null, isoPath: null, portGroup: null },
    vmThresholds: { cpu: 5, ramMb: 8192, storageGb: 50 },
    nodeThresholds: { cpuRatio: 4, memoryPercent: 90, storagePercent: 90 },
    ...given,
  };
}

export function aNodePulse(given: Partial<NodePulse> & Pick<NodePulse, "node">): NodePulse {
  return { lastSeenAt: time, lastScan: null, cpuUsageMhz: 900, memoryUsageBytes: 8_000_000_000, ...given };
}

/** A state that is an end has a time; UNKNOWN without one is given by `finishedAt: null`. */
export function aTask(given: Partial<Task> & Pick<Task, "id">): Task {
  const isUnderWay = given.state === undefined || given.state === "QUEUED" || given.state === "RUNNING";
  return {
    kind: "SET_POWER",
    state: "QUEUED",
    progress: null,
    steps: [],
    actor: "ann",
    node: "alpha",
    vmId: "vm-1",
    input: { action: "ON" },
    commands: [],
    hostOutput: "",
    result: null,
    error: null,
    createdAt: time,
    startedAt: null,
    sentAt: null,
    finishedAt: isUnderWay ? null : time,
    ...given,
  };
}

/** A clock that stands still until it is moved. */
export interface StillClock extends Clock {
  /** Ends the sleeps that are due by then. */
  advance(ms: number): void;
}

export function createStillClock(start = Date.parse(time)): StillClock {
  let now = start;
  const sleepers = new Set<() => void>();
  return {
    now: () => now,
    advance(ms) {
      now += ms;
      for (const look of sleepers) look();
    },
    sleep(ms, signal) {
      const due = now + ms;
      return new Promise((resolve) => {
        const look = (): void => {
          if (now < due && signal?.aborted !== true) return;
          sleepers.delete(look);
          signal?.removeEventListener("abort", look);
          resolve();
        };
        sleepers.add(look);
        signal?.addEventListener("abort", look);
        look();
      });
    },
  };
}
