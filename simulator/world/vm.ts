/** One VM as the simulated host holds it. Times are ms since the epoch. */
import type { SimConnection, SimPower, SimQuestion, SimVm, ToolsState } from "../words.ts";

export interface Vm {
  vmid: number;
  name: string;
  datastore: Datastore;
  folder: string;
  /** File name of the .vmx. */
  file: string;
  uuid: string;
  instanceUuid: string;
  power: SimPower;
  connection: SimConnection;
  invalid: boolean;
  unreadable: boolean;
  numCpu: number;
  memoryMb: number;
  committedBytes: number;
  provisionedBytes: number;
  note: string;
  guestId: string;
  guestFullName: string;
  hardwareVersion: string;
  tools: ToolsState;
  hostname: string;
  ipAddress: string;
  numNics: number;
  /** Absolute paths of its disks' descriptors. */
  disks: readonly string[];
  ignoresShutdown: boolean;
  question: SimQuestion | null;
  /** Asked at the next power-on. */
  asksAtPowerOn: SimQuestion | null;
  /** Set by a power-on, kept by a reset. */
  bootedAt: number | null;
  /** From when uptime counts; a reset and a reboot move it. */
  upSince: number | null;
  suspendedAt: number | null;
  worldId: number | null;
  cpuMhz: number;
  guestMemoryMb: number;
  hostMemoryMb: number;
}

export interface Datastore {
  readonly name: string;
  /** The folder under /vmfs/volumes. */
  readonly uuid: string;
  readonly type: string;
  readonly sizeBytes: number;
  freeBytes: number;
  /** Boot banks and the like: no name on old releases, never a place for VMs. */
  readonly system: boolean;
  mount: MountState;
  /** So many writes still go through, then it is full whatever `freeBytes` says; null: no such end. */
  writesLeft: number | null;
}

/** dead: every access fails, as on a volume that has gone away. */
export type MountState = "writable" | "read-only" | "dead";

/** A file whose size is not that of its text: the extent of a disk, a swap file. */
export interface Extent {
  /** What `stat` says. */
  readonly size: number;
  /** What it takes of the volume. */
  readonly held: number;
}

/** `[datastore] folder/file.vmx`. */
export function datastorePathOf(vm: Vm): string {
  return `[${vm.datastore.name}] ${vm.folder}/${vm.file}`;
}

export function folderPathOf(vm: Vm): string {
  return `/vmfs/volumes/${vm.datastore.uuid}/${vm.folder}`;
}

export function pathOf(vm: Vm): string {
  return `${folderPathOf(vm)}/${vm.file}`;
}

export function isRunning(vm: Vm): boolean {
  return vm.power === "ON";
}

/** Tools run in it: the guest can be asked for something. */
export function toolsRun(vm: Vm): boolean {
  return isRunning(vm) && (vm.tools === "toolsOk" || vm.tools === "toolsOld");
}

export function uptimeSecondsOf(vm: Vm): number | null {
  return vm.upSince === null ? null : Math.max(0, Math.floor((Date.now() - vm.upSince) / 1000));
}

/** A copy for whoever looks at the simulator from outside. */
export function snapshotOf(vm: Vm): SimVm {
  return {
    vmid: vm.vmid,
    name: vm.name,
    datastorePath: datastorePathOf(vm),
    path: pathOf(vm),
    uuid: vm.uuid,
    instanceUuid: vm.instanceUuid,
    power: vm.power,
    connection: vm.connection,
    invalid: vm.invalid,
    numCpu: vm.numCpu,
    memoryMb: vm.memoryMb,
    committedBytes: vm.committedBytes,
    note: vm.note,
    guestId: vm.guestId,
    guestFullName: vm.guestFullName,
    hardwareVersion: vm.hardwareVersion,
    numNics: vm.numNics,
    numDisks: vm.disks.length,
    tools: vm.tools,
    question: vm.question,
    bootTime: vm.bootedAt === null ? null : new Date(vm.bootedAt).toISOString(),
    uptimeSeconds: uptimeSecondsOf(vm),
    worldId: vm.worldId,
  };
}
