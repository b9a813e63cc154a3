/** What the runner and the use cases say to each other. A new kind of long work is one more UseCase and nothing else. */
import type { UserError } from "../errors.ts";
import type { NodeName, Task, TaskError, TaskKind, VmId } from "../model.ts";
import type { PlannedFile } from "./tasks.ts";

/** Plain JSON, kept with the task; never a secret. */
export type Facts = Readonly<Record<string, unknown>>;

export interface UseCase {
  readonly kind: TaskKind;
  /** The steps it will take, in order, unless a plan says otherwise. */
  readonly steps: readonly string[];
  /** Where it waits for its turn: so many of a lane work on a node at once. Null: it begins at once. */
  readonly lane: Lane | null;
  /**
   * Until when it can be cancelled. "before-sent": a command once sent is not called back. "between-steps": also
   * later; the signal is aborted, and the use case takes back what it made.
   */
  readonly cancellation: "before-sent" | "between-steps";
  /** Is it past the point of no return, by what is on record. Default: never. */
  isSealed?(task: Task): boolean;
  /** All that is wrong with the request by what is known, at once. Changes nothing anywhere; a dry run does not even ask a host. */
  check(asked: Facts, options: { readonly dryRun: boolean }): Promise<Checked>;
  /** Does the work; may rely on `task.input` being what `check` planned. What it throws before it sent ends the task as FAILED. */
  run(handle: TaskHandle): Promise<Settlement>;
  /** After a restart, or on another server, for a task whose `sentAt` is set: observes and judges. It never repeats a command. */
  recover(handle: TaskHandle): Promise<Settlement>;
  /** After the end is on record: removes what was left on the host to be looked at. Best effort. */
  tidy?(task: Task): Promise<void>;
}

/** act: short, on one VM · creation: long, and hard on a host's disks. */
export type Lane = "act" | "creation";

export interface Checked {
  readonly userErrors: readonly UserError[];
  /** Null when so much is wrong that nothing can be planned. */
  readonly plan: Plan | null;
}

export interface Plan {
  readonly node: NodeName;
  readonly vmId: VmId | null;
  /** Joins the request in the task's input: what is needed to act, and to judge after a restart. */
  readonly facts: Facts;
  /** The steps that this request takes. Default: those of the use case. */
  readonly steps?: readonly string[];
  /** What only one task at a time may be about besides a VM, and what a second one is told. */
  readonly exclusive?: Exclusive;
  /** The lines that would be run; for a dry run. */
  commands(): readonly string[];
  /** The files that would be written; for a dry run. Default: none. */
  files?(): readonly PlannedFile[];
}

export interface Exclusive {
  readonly key: string;
  /** `creates a VM of this name on node esx1`. */
  readonly deed: string;
  readonly path: readonly string[];
}

/** A task's own hand on its record. Updates reach the store coalesced, those that return a promise durably. */
export interface TaskHandle {
  /** As of now. */
  readonly task: Task;
  /** Aborted when the task is cancelled, the server stops, or another one looks after its node. */
  readonly signal: AbortSignal;
  /** Aborted when the server stops or another one looks after the node: for work that must go on after a cancellation, to take back what was made. */
  readonly stopping: AbortSignal;
  /** Ends the step before and begins this one. */
  step(name: string): void;
  /** 0 to 100; null where no measure exists. */
  progress(percent: number | null): void;
  /** Adds lines that were run on the host. */
  command(lines: readonly string[]): void;
  /** What came of the step under way. */
  detail(text: string): void;
  /** The VM that the task turns out to be about. */
  about(vmId: VmId): void;
  /**
   * That the truth can't be seen now, and what to look for meanwhile: the task shows UNKNOWN, but has not ended. Null: it
   * can be seen again.
   */
  doubt(message: string | null): void;
  /** From here on it can't be cancelled. */
  seal(): void;
  /** Adds what the host printed; capped at 64 KiB. */
  output(text: string): void;
  /**
   * To be awaited before the first command that changes the host. When it resolves it is on disk, with `facts` in the
   * task's input: from then on the task is only ever observed.
   * @throws AppError CANCELLED, SHUTTING_DOWN, LEASE_LOST: nothing may be sent
   */
  markSent(facts: Facts): Promise<void>;
  /** Adds to the task's input, durably: a journal for work of several remote acts. @throws AppError LEASE_LOST: nothing may be sent */
  remember(facts: Facts): Promise<void>;
}

/** How a task ends. */
export interface Settlement {
  readonly state: "SUCCEEDED" | "FAILED" | "CANCELLED" | "UNKNOWN";
  /** A sentence. */
  readonly result: string;
  readonly error: TaskError | null;
}
