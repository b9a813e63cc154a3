/** Port of the task runner: what may be asked for, and what is answered at once. */
import type { UserError } from "../errors.ts";
import type { Firmware, NodeName, PowerAction, PowerState, Task, TaskId, VmId } from "../model.ts";
import type { Lease } from "../store/leases.ts";
import type { InventoryStore } from "../store/store.ts";

/** The part of the store that tasks use. */
export type TaskStore = Pick<
  InventoryStore,
  "createTask" | "saveTask" | "task" | "tasks" | "appendAudit" | "watch" | "load"
>;

/** What may be asked for, at any server. */
export interface TaskRequests {
  setPower(request: PowerRequest): Promise<TaskAnswer>;
  answerQuestion(request: AnswerRequest): Promise<TaskAnswer>;
  /** Until the VM is switched on, or made whole, it can be cancelled; what was made of it is then taken back. */
  createVm(request: CreateRequest): Promise<TaskAnswer>;
  refreshNode(request: RefreshRequest): Promise<TaskAnswer>;
  /**
   * Before its command was sent a task can be cancelled, a creation also later; else it answers a CONFLICT that says so, or
   * TIMEOUT where another server runs it and says nothing.
   */
  cancel(id: TaskId, actor: string): Promise<TaskAnswer>;
  /** The task as soon as it has ended, or as it is when `waitMs` have passed; undefined when there is none. */
  wait(id: TaskId, waitMs: number, signal?: AbortSignal): Promise<Task | undefined>;
}

export interface Tasks extends TaskRequests {
  /**
   * From here on this server runs the node's tasks, once its crawler looks after it. What was left unfinished is ended by
   * observing, never by repeating; what was never sent is run if it arrived within the last two minutes, as far as this
   * server saw it arrive, and else ended. Resolves when all that is under way; whatever else is asked about the node waits for that.
   * @throws what the store throws
   */
  hold(lease: Lease): Promise<void>;
  /** Resolves when nothing is sent to the node or written of its tasks any more; unfinished ones stay so on record. */
  letGo(node: NodeName): Promise<void>;
  /** The node is held, and gone from every hosts.yml: its tasks end as what is known of them. @throws what the store throws */
  removeOrphan(node: NodeName): Promise<void>;
  /** Are tasks of the node under way here? */
  isBusy(node: NodeName): boolean;
  /**
   * Takes no new ones; resolves when those under way have ended, or after `graceMs`. What is then unfinished, or was never
   * sent where others can do it, is taken up by whoever looks after its node next.
   */
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
