/**
 * Port: creating a VM on one node. It is done in steps: each is sent once under a name of its own, can be observed as
 * often as wanted, and everything made can be taken back. Whoever journals writes between them; a step whose answer never came
 * is fenced and forgotten like any act (driver.ts). Adapter: esxi-creation.ts.
 *
 * Two kinds of traces on the host tell how far a creation is: in the VM's folder a mark that names the job and lists the
 * files it made, and under /tmp what each step printed. The mark outlives a restart of the host, the other does not.
 */
import type { ErrorCode } from "../errors.ts";
import type { Firmware, Timestamp } from "../model.ts";
import type { ReadOptions, VmRead } from "./observation.ts";

export interface CreationDriver {
  /** The command lines of the steps that make the VM, and its configuration file. Speaks to nobody. @throws AppError INVALID_INPUT */
  plan(order: CreationOrder): CreationPlan;
  /** The lines that take back what this sight shows. Speaks to nobody. */
  planUndo(order: CreationOrder, sight: CreationSight): readonly string[];
  /**
   * Sends a step, once and never again, and answers what is there afterwards. It goes on by itself when the line drops;
   * the disk is not waited for. @throws what Shell.run throws; OUT_OF_SPACE where the host's /tmp is full: nothing was begun
   */
  begin(order: CreationOrder, act: CreationAct, options: ReadOptions): Promise<CreationSight>;
  /** What is there now, of the VM and of this act. Changes nothing. `actId` undefined: of none. */
  look(order: CreationOrder, actId: string | undefined, options: ReadOptions): Promise<CreationSight>;
}

export interface CreationOrder {
  /** Names the job in the folder's mark; `[A-Za-z0-9-]{1,64}`. */
  readonly jobId: string;
  /** Canonical path of the datastore, `/vmfs/volumes/UUID`. */
  readonly mountPoint: string;
  readonly blueprint: VmBlueprint;
}

/** What the VM is to be. Its folder and files carry its name. */
export interface VmBlueprint {
  readonly name: string;
  readonly numCpu: number;
  /** Units of 2^20 bytes. */
  readonly memorySizeMb: number;
  /** Units of 2^30 bytes. */
  readonly diskSizeGb: number;
  /** `debian12_64Guest`. */
  readonly guestId: string;
  /** 20 for `vmx-20`. */
  readonly hardwareVersion: number;
  readonly firmware: Firmware;
  readonly diskController: DiskController;
  readonly ethernetCard: EthernetCard;
  readonly portGroup: string;
  /** Canonical path; null: no CD-ROM drive. */
  readonly isoPath: string | null;
  readonly comment: string;
}

export type DiskController = "pvscsi" | "lsisas1068" | "lsilogic";
export type EthernetCard = "vmxnet3" | "e1000e" | "e1000";

export interface CreationPlan {
  readonly lines: Readonly<Record<Exclude<CreationStep, "undo">, readonly string[]>>;
  readonly vmx: { readonly path: string; readonly text: string };
}

/**
 * claim: makes the folder, with the mark · disk, configure, register: only in a folder with the mark · finish: takes the mark
 * away, the VM is made · undo: forgets the VM if it is off and was never started, removes exactly the files that the mark
 * lists, then the mark and the folder, if nothing else is in it.
 */
export type CreationStep = "claim" | "disk" | "configure" | "register" | "finish" | "undo";

export interface CreationAct {
  readonly step: CreationStep;
  /** Names the act on the host; unique, `[A-Za-z0-9-]{1,64}`. */
  readonly actId: string;
  /** For undo: a registration may have been begun, so the host's register must be read before files are removed. */
  readonly mayBeRegistered: boolean;
}

export interface CreationSight {
  readonly at: Timestamp;
  /** Is the datastore mounted there, and is this its canonical path. */
  readonly hasDatastore: boolean;
  /** ours: with the mark of this job · foreign: it has another one, or none. */
  readonly folder: "absent" | "ours" | "foreign";
  /** All names in the folder, whosever they are. */
  readonly files: readonly string[];
  /** By the mark: files that this job was about to make, and those that are whole. */
  readonly made: ReadonlySet<string>;
  readonly whole: ReadonlySet<string>;
  /** The configuration file as it is in our folder; null where there is none. */
  readonly vmx: string | null;
  /** vmids under which the host has the VM; null: it can't tell. */
  readonly vmids: readonly number[] | null;
  /** The VM's summary, where it is registered once. */
  readonly read: VmRead | null;
  readonly act: ActTrace;
}

export interface ActTrace {
  /** absent: never begun, or the host was restarted since. */
  readonly state: "absent" | "running" | "ended";
  readonly exit: StepExit | null;
  /** What it printed, stdout and stderr together. */
  readonly output: string;
  /** The last percentage that was printed; null where there was none. */
  readonly percent: number | null;
  /** What the host said where it ended badly, classified; null otherwise. */
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
}

/**
 * How a step ended. taken: the folder was there before · not-ours: the folder has not the mark of this job · full: the
 * datastore took no more · file-there: a file of that name was there before · refused: a command of the host failed, see the
 * output · unclear: the host could not say what is registered · in-use: the VM runs or has run, so it is not taken back ·
 * locked: a file could not be removed · kept-folder: all was taken back, but others' files are in the folder · done: all well.
 */
export type StepExit =
  | "done"
  | "taken"
  | "not-ours"
  | "full"
  | "file-there"
  | "refused"
  | "unclear"
  | "in-use"
  | "locked"
  | "kept-folder";

/** May a new VM be called so: as a folder, a file and a word of a command line it must be harmless. */
export function isNewVmName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9 ._()+-]{0,79}$/.test(name) && !/[ .]$/.test(name);
}
