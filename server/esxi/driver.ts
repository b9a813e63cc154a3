/**
 * Port: what ECoMan can do with one node. Adapter: esxi-driver.ts; contract: driver.contract.ts.
 *
 * Reading gives observations (observation.ts); they state what was seen and when, and judge nothing. Acting is split in
 * three, so that whoever journals can write between them: `act` sends once, `look` observes as often as wanted, `forget`
 * tidies up. Every member may throw the AppErrors of Shell.run.
 */
import type { ErrorCode } from "../errors.ts";
import type { IsoImage, PowerAction, PowerState, Timestamp } from "../model.ts";
import type { CreationDriver } from "./creation.ts";
import type {
  Claim,
  ConfigOptions,
  FenceRequest,
  HostObservation,
  ReadOptions,
  VmRead,
  VmSummary,
} from "./observation.ts";

export type * from "./observation.ts";

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
  /** Which virtual hardware and which guests the host knows; undefined where it does not tell in a form that is understood. */
  configOptions(options: ReadOptions): Promise<ConfigOptions | undefined>;
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
  /** Removes what these acts left on the host to be looked at. Harmless when there is nothing. */
  forget(actIds: readonly string[], options: ReadOptions): Promise<void>;
  /** Creating VMs. */
  readonly creation: CreationDriver;
  /**
   * A person asks for another login after a refused one: permits exactly one.
   * @throws AppError AUTH_FAILED within 15 minutes of the last refusal, with the time left
   */
  permitLogin(): Promise<void>;
  /** Ends the connection; a later call opens it anew. */
  disconnect(): void;
  close(): Promise<void>;
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
