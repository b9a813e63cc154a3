/**
 * The words of the domain. Every other room speaks in these records; this file imports nothing.
 *
 * Records are immutable values. `null` means "not known (yet)"; it never means zero, false or empty.
 * Times are ISO 8601 strings in UTC by the clock of the ECoMan server, unless a field says otherwise.
 */

/** Opaque, stable id of a VM. Made once, at first sight; survives re-registration under another vmid. */
export type VmId = string;
/** A node's key in hosts.yml. */
export type NodeName = string;
export type TaskId = string;
/** ISO 8601, UTC, milliseconds. */
export type Timestamp = string;
/** Opaque and rising within one store; valid on every server of that store. */
export type Revision = string;

export const powerStates = ["ON", "OFF", "SUSPENDED", "UNKNOWN"] as const;
export type PowerState = (typeof powerStates)[number];

export const connectionStates = [
  "CONNECTED",
  "DISCONNECTED",
  "INACCESSIBLE",
  "INVALID",
  "ORPHANED",
  "UNKNOWN",
] as const;
export type ConnectionState = (typeof connectionStates)[number];

export const overallStatuses = ["GREEN", "YELLOW", "RED", "GRAY"] as const;
export type OverallStatus = (typeof overallStatuses)[number];

export const powerActions = ["ON", "OFF", "SHUTDOWN", "REBOOT", "RESET", "SUSPEND"] as const;
export type PowerAction = (typeof powerActions)[number];

/** A question a VM asks and waits for: until it is answered the VM does not go on. */
export interface VmQuestion {
  /** The host's own id of the question, such as `12` or `_vmx1`. */
  readonly id: string;
  readonly text: string;
  readonly choices: readonly QuestionChoice[];
}

export interface QuestionChoice {
  /** What is sent to the host as the answer: the choice's number there. Numbers differ from version to version. */
  readonly key: string;
  readonly label: string;
  readonly isDefault: boolean;
}

/** Which of the VM limits a VM reaches or exceeds. */
export interface VmExceeds {
  readonly cpu: boolean;
  readonly ram: boolean;
  readonly storage: boolean;
}

/** Configuration and state of a VM: what a change of is worth a revision. */
export interface Vm {
  readonly id: VmId;
  readonly node: NodeName;
  /** The node's labels, kept here so that a filter by label sees a VM change when they change. */
  readonly nodeLabels: readonly string[];
  /** The host's handle. ESXi gives a new one at every registration; never an identity. */
  readonly vmid: number;
  /** Canonical path of the .vmx, `/vmfs/volumes/UUID/folder/file.vmx` (the name form where the UUID is not known yet). */
  readonly path: string;
  readonly name: string;
  readonly powerState: PowerState;
  readonly connectionState: ConnectionState;
  readonly overallStatus: OverallStatus | null;
  /** When the VM was powered on, by the host's clock. A reset does not move it. */
  readonly bootTime: Timestamp | null;
  /** As the host prints it: `toolsOk`, `toolsOld`, `toolsNotRunning`, `toolsNotInstalled`. */
  readonly toolsStatus: string | null;
  /** As the host prints it: `guestToolsRunning`, `guestToolsNotRunning`, `guestToolsExecutingScripts`. */
  readonly toolsRunningStatus: string | null;
  readonly hostname: string | null;
  readonly ipAddress: string | null;
  readonly memorySizeMb: number | null;
  readonly numCpu: number | null;
  readonly numEthernetCards: number | null;
  readonly numVirtualDisks: number | null;
  readonly guestId: string | null;
  readonly guestFullName: string | null;
  readonly uuid: string | null;
  readonly instanceUuid: string | null;
  /** `vmx-19` and the like. */
  readonly hardwareVersion: string | null;
  readonly consolidationNeeded: boolean | null;
  /** Name of the datastore that holds the .vmx. */
  readonly datastore: string | null;
  /** `[datastore] folder/file.vmx`, as the host prints it. */
  readonly datastorePath: string | null;
  /** The VM's annotation. */
  readonly comment: string | null;
  readonly question: VmQuestion | null;
  /** Why the VM can't be read now; its other fields are then the last known ones. */
  readonly readError: string | null;
  /** The last attempt to look at this VM failed: what is shown is its last known state. */
  readonly stale: boolean;
  readonly exceeds: VmExceeds;
}

/** Readings that move all the time. They cause no revision and travel by pulses. */
export interface VmUsage {
  readonly vmId: VmId;
  /** When the values below (and the VM's other fields from its summary) were last read. */
  readonly observedAt: Timestamp;
  readonly overallCpuUsageMhz: number | null;
  readonly guestMemoryUsageMb: number | null;
  readonly hostMemoryUsageMb: number | null;
  readonly storageCommittedBytes: number | null;
  readonly storageUncommittedBytes: number | null;
  /** At `observedAt`. Null when the VM is not running. */
  readonly uptimeSeconds: number | null;
}

export const nodeStatuses = [
  "PENDING",
  "ONLINE",
  "DEGRADED",
  "UNREACHABLE",
  "AUTH_FAILED",
  "HOST_KEY_UNKNOWN",
  "HOST_KEY_MISMATCH",
  "DISABLED",
] as const;
export type NodeStatus = (typeof nodeStatuses)[number];

export interface Datastore {
  readonly name: string;
  /** `/vmfs/volumes/UUID`. */
  readonly mountPoint: string;
  readonly uuid: string;
  /** `VMFS-6`, `NFS` and the like, as the host prints it. */
  readonly type: string;
  readonly mounted: boolean;
  readonly capacityBytes: number;
  readonly freeBytes: number;
}

export interface PortGroup {
  readonly name: string;
  readonly virtualSwitch: string;
  /** 0: none, 4095: trunk. */
  readonly vlanId: number;
}

export interface IsoImage {
  /** Full path on the host. */
  readonly path: string;
  readonly sizeBytes: number | null;
}

export const firmwares = ["BIOS", "EFI"] as const;
export type Firmware = (typeof firmwares)[number];

/** A guest operating system that a host knows how to run; `firmware` is what it recommends for it, if anything. */
export interface GuestSystem {
  readonly id: string;
  readonly fullName: string;
  readonly firmware: Firmware | null;
}

/** Physical size of an ESXi host. */
export interface HostHardware {
  readonly cpuModel: string | null;
  readonly cpuPackages: number;
  readonly cpuCores: number;
  readonly cpuThreads: number;
  /** MHz of one core. */
  readonly cpuMhz: number;
  readonly memoryBytes: number;
}

/** From when on a VM is marked. Values at or above a limit exceed it. */
export interface VmThresholds {
  /** Virtual CPUs. */
  readonly cpu: number;
  readonly ramMb: number;
  /** Decimal gigabytes (10^9 bytes) of committed storage. */
  readonly storageGb: number;
}

/** From when on a node is marked. Values at or above a limit exceed it. */
export interface NodeThresholds {
  /** Virtual CPUs of powered-on VMs per physical core. */
  readonly cpuRatio: number;
  /** Percent of physical memory in use. */
  readonly memoryPercent: number;
  /** Percent used of the fullest datastore. */
  readonly storagePercent: number;
}

/** What hosts.yml gives for the creation of VMs on a node. */
export interface CreationDefaults {
  readonly datastorePath: string | null;
  readonly isoPath: string | null;
  readonly portGroup: string | null;
}

/** An ESXi host, as far as a change of it is worth a revision. */
export interface Node {
  readonly name: NodeName;
  readonly address: string;
  readonly labels: readonly string[];
  readonly status: NodeStatus;
  /** What happened and what to do about it; null when all is well. */
  readonly statusMessage: string | null;
  readonly statusSince: Timestamp;
  /** `8.0.1`. */
  readonly version: string | null;
  /** `21813344`. */
  readonly build: string | null;
  readonly hardware: HostHardware | null;
  readonly datastores: readonly Datastore[];
  readonly portGroups: readonly PortGroup[];
  readonly isoImages: readonly IsoImage[];
  /** The newest virtual hardware that it runs, such as `vmx-20`. */
  readonly hardwareVersion: string | null;
  readonly guestSystems: readonly GuestSystem[];
  readonly defaults: CreationDefaults;
  readonly vmThresholds: VmThresholds;
  readonly nodeThresholds: NodeThresholds;
}

/** A node's age and load. It moves with every scan, causes no revision and travels by pulses. */
export interface NodePulse {
  readonly node: NodeName;
  /** When the host last answered anything. */
  readonly lastSeenAt: Timestamp | null;
  readonly lastScan: LastScan | null;
  readonly cpuUsageMhz: number | null;
  readonly memoryUsageBytes: number | null;
}

export interface LastScan {
  readonly at: Timestamp;
  readonly durationMs: number;
  /** How many summaries were read in it. */
  readonly vmsRead: number;
}

export const taskKinds = ["SET_POWER", "ANSWER_QUESTION", "REFRESH_NODE", "CREATE_VM"] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskStates = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED", "UNKNOWN"] as const;
/** UNKNOWN: sent, and its outcome could not be observed. As long as `finishedAt` is null, the host is still being asked. */
export type TaskState = (typeof taskStates)[number];

export const stepStates = ["PENDING", "RUNNING", "DONE", "FAILED", "SKIPPED"] as const;
export type StepState = (typeof stepStates)[number];

export interface TaskStep {
  readonly name: string;
  readonly state: StepState;
  readonly detail: string | null;
  readonly startedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
}

export interface TaskError {
  /** One of the codes in errors.ts. */
  readonly code: string;
  /** What happened, where, what the host said, and what to do next. */
  readonly message: string;
}

/** Long work, recorded before it acts. */
export interface Task {
  readonly id: TaskId;
  readonly kind: TaskKind;
  readonly state: TaskState;
  /** 0 to 100; null where no measure exists. */
  readonly progress: number | null;
  readonly steps: readonly TaskStep[];
  /** Who asked for it. */
  readonly actor: string;
  readonly node: NodeName;
  readonly vmId: VmId | null;
  /** What was asked, as the use case needs it to run or to judge after a restart. Never a secret. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The exact command lines that were run on the host, in order. */
  readonly commands: readonly string[];
  /** What the host printed for them, capped. */
  readonly hostOutput: string;
  /** How it ended, in a sentence; null before that. */
  readonly result: string | null;
  readonly error: TaskError | null;
  readonly createdAt: Timestamp;
  readonly startedAt: Timestamp | null;
  /** Written before a command that changes the host is sent: from then on it is never sent again. */
  readonly sentAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
}

export const hasEnded = (task: Task): boolean => task.finishedAt !== null;
