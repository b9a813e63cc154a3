/**
 * What is written down of a creation, durably, before each thing that is done to the host. With it and a look at the host,
 * whoever takes the task up after a crash knows what may be there and whose it is.
 */
import type { ErrorCode } from "../../errors.ts";
import type { CreationOrder, CreationStep } from "../../esxi/creation.ts";
import type { Task, TaskId, Timestamp } from "../../model.ts";
import type { Aim } from "../act.ts";

export interface Journal {
  /** undo: what was made is being taken back, for `reason`. kept: the VM is there, and stays whatever comes. */
  readonly aim: "make" | "undo" | "kept";
  readonly reason: Reason | null;
  /** Steps sent so far; the number names the next one on the host. */
  readonly sent: number;
  /** The last step sent, until its end was seen. */
  readonly pending: PendingStep | null;
  /** The folder bore our mark once. */
  readonly hadFolder: boolean;
  /** A registration was sent. */
  readonly mayBeRegistered: boolean;
  /** Since when registering fails because hostd does not answer, in ms; null: it does not. */
  readonly hostdDownSinceMs: number | null;
  /** The power-on that was sent, and at whom it was aimed. */
  readonly power: { readonly actId: string; readonly aim: Aim } | null;
}

export interface PendingStep {
  readonly step: CreationStep;
  readonly actId: string;
  readonly sentAt: Timestamp;
}

/** Why it ends without the VM that was asked for. */
export interface Reason {
  readonly state: "FAILED" | "CANCELLED";
  readonly code: ErrorCode;
  /** A sentence, without what became of what had been made. */
  readonly message: string;
}

export const freshJournal: Journal = {
  aim: "make",
  reason: null,
  sent: 0,
  pending: null,
  hadFolder: false,
  mayBeRegistered: false,
  hostdDownSinceMs: null,
  power: null,
};

/** The task's input: the order as it was checked, and the journal once something was sent. */
export interface CreationInput {
  readonly mountPoint: string;
  readonly datastore: string;
  readonly blueprint: CreationOrder["blueprint"];
  readonly powerOn: boolean;
  /** An installation image of which nobody asked the node yet whether it is there. */
  readonly uncheckedIso?: string;
  readonly journal?: Journal;
  /** Who cancelled it, after something was sent. */
  readonly cancelledBy?: string;
}

/** What the `number`th thing that is sent goes by on the host. */
export function actIdOf(taskId: TaskId, number: number): string {
  return `${taskId}-${number}`;
}

export function inputOf(task: Task): CreationInput {
  return task.input as unknown as CreationInput;
}

export function orderOf(task: Task): CreationOrder {
  const { mountPoint, blueprint } = inputOf(task);
  return { jobId: task.id, mountPoint, blueprint };
}
