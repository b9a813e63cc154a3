/** Port of the task runner: what may be asked for, and what is answered at once. */
import type { UserError } from "../errors.ts";
import type { NodeName, PowerAction, PowerState, Task, TaskId, VmId } from "../model.ts";
import type { InventoryStore } from "../store/store.ts";

/** The part of the store that tasks use. */
export type TaskStore = Pick<InventoryStore, "createTask" | "saveTask" | "task" | "tasks" | "appendAudit">;

export interface Tasks {
  setPower(request: PowerRequest): Promise<TaskAnswer>;
  answerQuestion(request: AnswerRequest): Promise<TaskAnswer>;
  refreshNode(request: RefreshRequest): Promise<TaskAnswer>;
  /** Before its command was sent a task can be cancelled; afterwards it answers a CONFLICT that says so. */
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

export interface RefreshRequest {
  readonly actor: string;
  readonly name: NodeName;
}

/** `task` is null after user errors and for a dry run; `commands` are those that a dry run would run. */
export interface TaskAnswer {
  readonly task: Task | null;
  readonly commands: readonly string[];
  readonly userErrors: readonly UserError[];
}
