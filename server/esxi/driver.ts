/**
 * Port: what ECoMan can do with one node. Adapter: esxi-driver.ts; contract: driver.contract.ts.
 *
 * Reading gives observations; they state what was seen and when, and judge nothing. Acting is split in three, so that
 * whoever journals can write between them: `act` sends once, `look` observes as often as wanted, `forget` tidies up.
 * Every member may throw the AppErrors of Shell.run.
 */
import type { ErrorCode } from "../errors.ts";
import type {
  ConnectionState,
  Datastore,
  HostHardware,
  IsoImage,
  OverallStatus,
  PortGroup,
  PowerAction,
  PowerState,
  Timestamp,
  VmQuestion,
} from "../model.ts";

export interface NodeDriver {
  /**
   * One exec: host facts, the listings, then summaries of new and changed VMs, then of the oldest, within the budget.
   * @throws AppError OUTPUT_DAMAGED when the output was cut or lacks its end mark
   */
  scan(request: ScanRequest, options: ScanOptions): Promise<HostObservation>;
  /** Reads exactly these VMs, before any waiting scan. */
  scanVms(vmids: readonly number[], options: ReadOptions): Promise<readonly VmRead[]>;
  /** Lists *.iso in the given folders and in the folders named iso, isos, os-images of the given datastores; an own deadline each. */
  listIsoImages(request: IsoRequest, options: ReadOptions): Promise<IsoListing>;
  /** The commands that `act` would run, without running them. */
  plan(request: ActRequest): readonly string[];
  /** Checks identity and state in the same script that acts, then acts, detached from this connection. Sent once, never again. */
  act(request: ActRequest, options: ReadOptions): Promise<ActReceipt>;
  /** What became of an act: the VM as it is now, and what the command said. Changes nothing on the host. */
  look(request: ActRequest, options: ReadOptions): Promise<ActReport>;
  /**
   * For an act whose receipt never came: makes sure that it is not begun from here on, and says whether it was. It may be
   * asked again and answers the same. Its mark stays on the host until the host is restarted, `forget` or not.
   * @throws AppError OUT_OF_SPACE, HOSTD_DOWN, OUTPUT_DAMAGED: nothing is known yet, ask again
   */
  fence(request: FenceRequest, options: ReadOptions): Promise<Claim>;
  /** Removes what `act` left on the host to be looked at. Harmless when there is nothing. */
  forget(actId: string, options: ReadOptions): Promise<void>;
  /**
   * A person asks for another login after a refused one: permits exactly one.
   * @throws AppError AUTH_FAILED within 15 minutes of the last refusal, with the time left
   */
  permitLogin(): Promise<void>;
  /** Ends the connection; a later call opens it anew. */
  disconnect(): void;
  close(): Promise<void>;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

export interface ScanOptions extends ReadOptions {
  /** Called once, as soon as the listings are whole and before any summary was read. */
  readonly onListing?: (observation: HostObservation) => void;
}

export interface ScanRequest {
  /** How long the reading of summaries may take on the host, in ms. Counted there in whole seconds. */
  readonly budgetMs: number;
  /** Read the slow-changing facts too. */
  readonly facts: boolean;
  /** The VMs known so far, the longest unread first. */
  readonly known: readonly KnownVm[];
}

export interface KnownVm {
  readonly vmid: number;
  /** Canonical .vmx path. */
  readonly path: string;
  /** Was it in the list of running VMs when last seen. */
  readonly running: boolean;
  /** Read it before the others, whatever the host's lists say. */
  readonly urgent: boolean;
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

export interface IsoRequest {
  /** Folders to list, full paths. */
  readonly folders: readonly string[];
  /** Mount points whose folders iso, isos and os-images are listed. */
  readonly mountPoints: readonly string[];
}

export interface IsoListing {
  readonly images: readonly IsoImage[];
  /** Folders that did not answer in time: what was known of them stays. */
  readonly silent: readonly string[];
}

/** Which VM is meant, in all the ways that must agree before anything is done to it. */
export interface VmAddress {
  readonly vmid: number;
  readonly path: string;
  readonly datastorePath: string | null;
  readonly uuid: string | null;
}

export interface ActRequest {
  /** Names the act on the host; unique, `[A-Za-z0-9-]{1,64}`. The host refuses to start the same one twice. */
  readonly actId: string;
  readonly vm: VmAddress;
  readonly act: PowerAct | AnswerAct;
  /** Refused with reason "state" unless the host finds the VM in this state. Default: any. */
  readonly expectedPowerState?: PowerState;
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

export interface PowerAct {
  readonly kind: "power";
  readonly action: PowerAction;
}

export interface AnswerAct {
  readonly kind: "answer";
  readonly questionId: string;
  readonly choiceKey: string;
  /** The choice's label, re-checked on the host. */
  readonly choiceLabel: string;
}

/** `summary`: the VM as the script found it before it acted; null where that could not be read in full. */
export type ActReceipt = ActFound &
  (
    | { /** The command was started on the host. */ readonly outcome: "started" }
    | { /** Nothing was done: the VM is in the wanted state already. */ readonly outcome: "already" }
    | { /** Nothing was done. */ readonly outcome: "refused"; readonly reason: RefusalReason }
  );

export interface ActFound {
  readonly summary: VmSummary | null;
  /** The line that was, or would have been, run to change something. */
  readonly commands: readonly string[];
  /** What the host said instead of the VM's summary; empty where that could be read. */
  readonly hostOutput: string;
}

/**
 * identity: vmid, path and uuid do not belong together any more · unreadable: the VM's summary can't be read ·
 * duplicate: this act was started before · question: a question is pending · tools: the guest's tools do not run ·
 * state: the VM is not in a state from which this is possible · changed: the question is another one or gone.
 */
export type RefusalReason = "identity" | "unreadable" | "duplicate" | "question" | "tools" | "state" | "changed";

export interface ActReport {
  readonly at: Timestamp;
  /** The VM now; `null` when it can't be read or is another VM by now. */
  readonly summary: VmSummary | null;
  readonly summaryError: string | null;
  /** absent: never started, or its traces are gone · running: the command has not returned · ended: it has. */
  readonly command: "absent" | "running" | "ended";
  readonly exitCode: number | null;
  /** What the command printed, stdout and stderr together. */
  readonly output: string;
  /** The failure that `output` tells of, classified; null while it tells of none. The VM's state decides all the same. */
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
  /** The host knows VMs by vmid alone, and the command may have hit another VM than this; null where that can't be. */
  readonly strayed: Strayed | null;
  /** The host's own task for it, where it could be read. */
  readonly hostTask: HostTask | null;
}

/** After the command the vmid was another VM's, or nobody's. */
export interface Strayed {
  /** Datastore path of the VM that has the vmid since; null where that could not be read. */
  readonly vmidIsNow: string | null;
}

export interface HostTask {
  readonly state: "queued" | "running" | "success" | "error";
  readonly message: string | null;
}
