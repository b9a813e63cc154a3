/** Port of the task runner: what may be asked for, and what is answered at once. */
import type { UserError } from "../errors.ts";
import type { Firmware, NodeName, PowerAction, PowerState, Task, TaskId, VmId } from "../model.ts";
import type { InventoryStore } from "../store/store.ts";

/** The part of the store that tasks use. */
export type TaskStore = Pick<InventoryStore, "createTask" | "saveTask" | "task" | "tasks" | "appendAudit">;

export interface Tasks {
  setPower(request: PowerRequest): Promise<TaskAnswer>;
  answerQuestion(request: AnswerRequest): Promise<TaskAnswer>;
  /** Until the VM is switched on, or made whole, it can be cancelled; what was made of it is then taken back. */
  createVm(request: CreateRequest): Promise<TaskAnswer>;
  refreshNode(request: RefreshRequest): Promise<TaskAnswer>;
  /** Before its command was sent a task can be cancelled, a creation also later; else it answers a CONFLICT that says so. */
  cancel(id: TaskId, actor: string): Promise<TaskAnswer>;
  /** The task as soon as it has ended, or as it is when `waitMs` have passed; undefined when there is none. */
  wait(id: TaskId, waitMs: number, signal?: AbortSignal): Promise<Task | undefined>;
  /**
   * At start, once nodes and inventory are there: ends every task that an earlier run left unfinished, by observing,
   * never by repeating. Resolves when those that were never sent have ended and the others are being observed; whatever
   * else is asked meanwhile waits for that.
   */
  recover(): Promise<void>;
  /** Takes no new ones; resolves when those under way have ended, or after `graceMs` (they are then recovered at the next start). */
  close(graceMs: number): Promise<void>;
}

export interface MutationRequest {
  readonly actor: string;
  readonly idempotencyKey: string | null;
  readonly dryRun: boolean;
}

export interface PowerRequest extends MutationRequest {
  readonly vmId: VmId;
  readonly action: PowerAction;
  /** CONFLICT unless the VM is in this state, by what ECoMan knows and by what the host says. */
  readonly expectedPowerState: PowerState | null;
}

export interface AnswerRequest extends MutationRequest {
  readonly vmId: VmId;
  readonly questionId: string;
  readonly choiceKey: string;
}

/** What is left out comes from the node's settings in hosts.yml, or has a default; see CreateVmInput of the schema. */
export interface CreateRequest extends MutationRequest {
  readonly node: NodeName;
  readonly name: string;
  readonly numCpu?: number;
  /** Units of 2^20 bytes. */
  readonly memorySizeMb?: number;
  /** Units of 2^30 bytes. */
  readonly diskSizeGb?: number;
  /** Name or path. */
  readonly datastore?: string;
  /** Empty: none. */
  readonly isoPath?: string;
  readonly portGroup?: string;
  readonly guestId?: string;
  readonly firmware?: Firmware;
  readonly comment?: string;
  readonly powerOn?: boolean;
}

export interface RefreshRequest {
  readonly actor: string;
  readonly name: NodeName;
}

/** `task` is null after user errors and for a dry run; `commands` are those that a dry run would run. */
export interface TaskAnswer {
  readonly task: Task | null;
  readonly commands: readonly string[];
  /** Files that a dry run would write. Default: none. */
  readonly files?: readonly PlannedFile[];
  readonly userErrors: readonly UserError[];
}

export interface PlannedFile {
  /** Full path on the host. */
  readonly path: string;
  readonly text: string;
}
