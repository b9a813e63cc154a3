/** A host as the tests of this room imagine it: it keeps VMs and plays observations of them, without any text to parse. */
import { timestampOf } from "../../clock.ts";
import type { HostObservation, ListedVm, VmRead, VmSummary } from "../../esxi/driver.ts";
import type { Datastore, PowerState } from "../../model.ts";

export interface FakeVm {
  vmid: number;
  /** Folder and file below the datastore. */
  file: string;
  name: string;
  power: PowerState;
  instanceUuid: string | null;
  uuid: string | null;
  invalid?: boolean;
  readFails?: string;
  numCpu?: number;
  comment?: string;
}

export interface FakeHost {
  readonly vms: FakeVm[];
  /** hostd lists only these; undefined: all. */
  listed: ((vm: FakeVm) => boolean) | undefined;
  hostdUp: boolean;
  /** Can vmInventory.xml be read. */
  hasRegister: boolean;
  /** Left in vmInventory.xml although nothing else knows them. */
  readonly leftovers: Map<number, string>;
}

export const volume = "/vmfs/volumes/5f000000-00000001-0000-000000000001";
export const datastore: Datastore = {
  name: "ds1",
  mountPoint: volume,
  uuid: volume.slice("/vmfs/volumes/".length),
  type: "VMFS-6",
  mounted: true,
  capacityBytes: 1e12,
  freeBytes: 5e11,
};

export function fakeHost(...vms: FakeVm[]): FakeHost {
  return { vms, listed: undefined, hostdUp: true, hasRegister: true, leftovers: new Map() };
}

export function fakeVm(vmid: number, name: string, rest: Partial<FakeVm> = {}): FakeVm {
  const instanceUuid = `52000000-0000-0000-0000-${name.padStart(12, "0")}`;
  const uuid = `56000000-0000-0000-0000-${name.padStart(12, "0")}`;
  return { vmid, name, file: `${name}/${name}.vmx`, power: "OFF", instanceUuid, uuid, ...rest };
}

export interface Glance {
  /** ms */
  readonly at: number;
  /** Whose summary is read; default all that are listed. */
  readonly reads?: (vm: FakeVm) => boolean;
  readonly facts?: boolean;
}

export function observationOf(host: FakeHost, { at, reads = () => true, facts = true }: Glance): HostObservation {
  const { hostdUp } = host;
  const isListed = (vm: FakeVm) => hostdUp && (host.listed?.(vm) ?? true);
  const visible = host.vms.filter((vm) => isListed(vm) && vm.invalid !== true);
  return {
    at: timestampOf(at),
    clockOffsetMs: 0,
    listing: hostdUp
      ? {
          vms: visible.map(rowOf),
          invalid: host.vms.filter((vm) => isListed(vm) && vm.invalid).map(({ vmid }) => vmid),
        }
      : undefined,
    registered: host.hasRegister
      ? new Map([...host.leftovers, ...host.vms.map((vm) => [vm.vmid, `${volume}/${vm.file}`] as const)])
      : undefined,
    running: host.vms
      .filter((vm) => vm.power === "ON" && (isListed(vm) || !hostdUp))
      .map((vm) => ({ name: vm.name, path: `${volume}/${vm.file}`, worldId: vm.vmid, uuid: vm.uuid ?? undefined })),
    hostdUp,
    facts: facts && hostdUp ? { version: "8.0.1", build: "1", datastores: [datastore], portGroups: [] } : undefined,
    usage: { hardware: undefined, cpuUsageMhz: 100, memoryUsageBytes: 1e9 },
    reads: visible.filter(reads).map((vm) => readOf(vm, at)),
    problems: [],
  };
}

export function rowOf(vm: FakeVm): ListedVm {
  return {
    vmid: vm.vmid,
    name: vm.name,
    datastorePath: `[ds1] ${vm.file}`,
    guestId: "otherGuest",
    hardwareVersion: "vmx-19",
  };
}

export function readOf(vm: FakeVm, at: number): VmRead {
  const stamp = { vmid: vm.vmid, at: timestampOf(at) };
  if (vm.readFails !== undefined) return { ...stamp, outcome: "failed", message: vm.readFails };
  return { ...stamp, outcome: "read", summary: summaryOf(vm) };
}

export function summaryOf(vm: FakeVm): VmSummary {
  return {
    vmid: vm.vmid,
    name: vm.name,
    datastorePath: `[ds1] ${vm.file}`,
    powerState: vm.power,
    connectionState: "CONNECTED",
    overallStatus: "GREEN",
    bootTime: null,
    toolsStatus: null,
    toolsRunningStatus: null,
    hostname: null,
    ipAddress: null,
    memorySizeMb: 1024,
    numCpu: vm.numCpu ?? 1,
    numEthernetCards: 1,
    numVirtualDisks: 1,
    guestId: "otherGuest",
    guestFullName: "Other",
    uuid: vm.uuid,
    instanceUuid: vm.instanceUuid,
    hardwareVersion: "vmx-19",
    consolidationNeeded: false,
    comment: vm.comment ?? `the comment of ${vm.name}`,
    question: null,
    overallCpuUsageMhz: 10,
    guestMemoryUsageMb: 10,
    hostMemoryUsageMb: 10,
    storageCommittedBytes: 1e9,
    storageUncommittedBytes: 0,
    uptimeSeconds: vm.power === "ON" ? 60 : null,
  };
}
