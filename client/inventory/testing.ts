/** Rows for tests: complete, plain, and different only where the test says so. */
import type { NodeRowFragment, TaskRowFragment, VmRowFragment } from "../gql/graphql.ts";
import { toVm } from "./rows.ts";
import type { Vm } from "./state.ts";

export function aVmRow(changes: Partial<VmRowFragment> = {}): VmRowFragment {
  return {
    id: "vm-1",
    vmid: 1,
    name: "web",
    node: { name: "esx01" },
    powerState: "ON",
    uptimeSeconds: 60,
    toolsStatus: "toolsOk",
    toolsRunningStatus: "guestToolsRunning",
    hostname: "web.lab",
    ipAddress: "10.0.0.1",
    memorySizeMb: 2048,
    numCpu: 2,
    numEthernetCards: 1,
    numVirtualDisks: 1,
    guestFullName: "Debian GNU/Linux 12 (64-bit)",
    guestId: "debian12_64Guest",
    storageCommittedBytes: 10e9,
    storageUncommittedBytes: 5e9,
    overallCpuUsageMhz: 100,
    guestMemoryUsageMb: 512,
    hostMemoryUsageMb: 1024,
    uuid: "uuid-1",
    instanceUuid: "instance-1",
    hardwareVersion: "vmx-19",
    consolidationNeeded: false,
    overallStatus: "GREEN",
    connectionState: "CONNECTED",
    readError: null,
    datastore: "datastore1",
    datastorePath: "[datastore1] web/web.vmx",
    comment: null,
    bootTime: "2026-11-01T00:00:00.000Z",
    question: null,
    observedAt: "2026-11-02T00:00:00.000Z",
    stale: false,
    exceedsThreshold: { cpu: false, ram: false, storage: false, any: false },
    ...changes,
  };
}

export function aVm(changes: Partial<VmRowFragment> = {}, at = 0): Vm {
  return toVm(aVmRow(changes), at);
}

export function aNodeRow(changes: Partial<NodeRowFragment> = {}): NodeRowFragment {
  return {
    name: "esx01",
    address: "10.0.0.11",
    status: "ONLINE",
    statusMessage: null,
    statusSince: "2026-11-01T00:00:00.000Z",
    lastSeenAt: "2026-11-02T00:00:00.000Z",
    lastScan: { at: "2026-11-02T00:00:00.000Z", durationMs: 100, vmsRead: 0 },
    version: "8.0.1",
    build: "21813344",
    cpuModel: "Intel(R) Xeon(R)",
    cpuCores: 8,
    cpuThreads: 16,
    cpuCapacityMhz: 16_000,
    cpuUsageMhz: 1_000,
    allocatedCpus: 4,
    memoryBytes: 64e9,
    memoryUsageBytes: 8e9,
    labels: [],
    datastores: [],
    vmCounts: { on: 1, off: 0, suspended: 0, unknown: 0, total: 1 },
    exceedsThreshold: { cpu: false, memory: false, storage: false, any: false },
    thresholds: {
      vm: { cpu: 5, ramMb: 8192, storageGb: 50 },
      node: { cpuRatio: 4, memoryPercent: 90, storagePercent: 90 },
    },
    ...changes,
  };
}

export function aTaskRow(changes: Partial<TaskRowFragment> = {}): TaskRowFragment {
  return {
    id: "task-1",
    kind: "SET_POWER",
    state: "RUNNING",
    actor: "local",
    nodeName: "esx01",
    vmId: "vm-1",
    vmName: "web",
    vm: { name: "web" },
    progress: null,
    steps: [],
    commands: [],
    hostOutput: "",
    result: null,
    error: null,
    createdAt: "2026-11-02T00:00:00.000Z",
    startedAt: "2026-11-02T00:00:01.000Z",
    sentAt: null,
    finishedAt: null,
    ...changes,
  };
}
