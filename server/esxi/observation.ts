/** What a look at a host shows: values and when they were seen, and no judgement. */
import type {
  ConnectionState,
  Datastore,
  GuestSystem,
  HostHardware,
  OverallStatus,
  PortGroup,
  PowerState,
  Timestamp,
  VmQuestion,
} from "../model.ts";

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/** What one look at a whole host showed. A part that is `undefined` could not be had whole: it says nothing. */
export interface HostObservation {
  /** When the listings were read, by our clock. */
  readonly at: Timestamp;
  /** Host's clock minus ours, in ms. */
  readonly clockOffsetMs: number | undefined;
  /** From `getallvms`. */
  readonly listing: Listing | undefined;
  /** vmid → .vmx path, from /etc/vmware/hostd/vmInventory.xml. */
  readonly registered: ReadonlyMap<number, string> | undefined;
  /** vmInventory.xml was there and made no sense. Default false. */
  readonly registerIsDamaged?: boolean;
  /** From `vm process list`; it tells what runs even while hostd is down (by localcli). */
  readonly running: readonly RunningVm[] | undefined;
  /** Does hostd answer. */
  readonly hostdUp: boolean;
  readonly facts: HostFacts | undefined;
  readonly usage: HostUsage | undefined;
  readonly reads: readonly VmRead[];
  /** What went wrong, one sentence each, with the host's own words. Empty when all is well. */
  readonly problems: readonly string[];
}

export interface Listing {
  readonly vms: readonly ListedVm[];
  /** From the `Skipping invalid VM 'N'` lines: registered, but hostd can't load them. */
  readonly invalid: readonly number[];
}

/** A row of `getallvms`. Only the vmid is sure; the rest is `undefined` where the row could be read in two ways. */
export interface ListedVm {
  readonly vmid: number;
  readonly name: string | undefined;
  /** `[datastore] folder/file.vmx`. */
  readonly datastorePath: string | undefined;
  readonly guestId: string | undefined;
  readonly hardwareVersion: string | undefined;
}

export interface RunningVm {
  readonly name: string;
  /** As the host prints it: under the datastore's UUID or its name. */
  readonly path: string;
  readonly worldId: number;
  /** Lower-case hex with dashes, as in the summary. */
  readonly uuid: string | undefined;
}

export interface HostFacts {
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly datastores: readonly Datastore[] | undefined;
  readonly portGroups: readonly PortGroup[] | undefined;
}

/** From `hostsvc/hostsummary`. */
export interface HostUsage {
  readonly hardware: HostHardware | undefined;
  readonly cpuUsageMhz: number | undefined;
  readonly memoryUsageBytes: number | undefined;
}

/** One VM's summary, or why there is none. */
export type VmRead =
  | { readonly vmid: number; readonly at: Timestamp; readonly outcome: "read"; readonly summary: VmSummary }
  /** The host says that it has no such VM. */
  | { readonly vmid: number; readonly at: Timestamp; readonly outcome: "gone"; readonly message: string }
  | { readonly vmid: number; readonly at: Timestamp; readonly outcome: "failed"; readonly message: string };

/** What `get.summary` says. `null`: the host prints it as unset. */
export interface VmSummary {
  readonly vmid: number | null;
  readonly name: string | null;
  readonly datastorePath: string | null;
  readonly powerState: PowerState;
  readonly connectionState: ConnectionState;
  readonly overallStatus: OverallStatus | null;
  readonly bootTime: Timestamp | null;
  readonly toolsStatus: string | null;
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
  readonly hardwareVersion: string | null;
  readonly consolidationNeeded: boolean | null;
  readonly comment: string | null;
  readonly question: VmQuestion | null;
  readonly overallCpuUsageMhz: number | null;
  readonly guestMemoryUsageMb: number | null;
  readonly hostMemoryUsageMb: number | null;
  readonly storageCommittedBytes: number | null;
  readonly storageUncommittedBytes: number | null;
  readonly uptimeSeconds: number | null;
}

/** What a host can make VMs of; a part that it does not tell is null or empty. */
export interface ConfigOptions {
  /** The newest, such as `vmx-20`. */
  readonly hardwareVersion: string | null;
  readonly guestSystems: readonly GuestSystem[];
}

export interface FenceRequest {
  readonly actId: string;
  /** Before this the act was not sent, by our clock. */
  readonly sentAt: Timestamp;
}

/**
 * begun: the command was started, or is being started now · fenced: it was not and never will be · forgotten: the host
 * was restarted after `sentAt` and with it went what it knew of earlier acts; none can be begun any more.
 */
export type Claim = "begun" | "fenced" | "forgotten";
