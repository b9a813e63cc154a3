/** Takes requests in: recognises repeats, checks, keeps to one mutation per VM, and records before anything is done. */
import { type Clock, timestampOf } from "../clock.ts";
import { type ErrorCode, toAppError, type UserError } from "../errors.ts";
import type { Task, TaskId, TaskStep, VmId } from "../model.ts";
import type { Alone } from "../store/store.ts";
import type { Dispatch } from "./dispatch.ts";
import { earlierTaskIds, inputHash, isWithinKeyLifetime, newTaskId } from "./request-identity.ts";
import type { Runner } from "./runner.ts";
import type { TaskAnswer, TaskStore } from "./tasks.ts";
import type { Exclusive, Facts, Plan, UseCase } from "./use-case.ts";

export interface Order {
  readonly actor: string;
  /** Null: every request is a new one. */
  readonly idempotencyKey: string | null;
  readonly dryRun: boolean;
  /** The request's own fields; two requests are the same when these are. */
  readonly asked: Facts;
}

export interface Intake {
  take(useCase: UseCase, order: Order): Promise<TaskAnswer>;
  /** From here on every order is refused. */
  close(): void;
}

export interface IntakeOptions {
  readonly store: TaskStore;
  readonly runner: Runner;
  readonly dispatch: Pick<Dispatch, "admit" | "settled">;
  readonly clock: Clock;
}

export function createIntake({ store, runner, dispatch, clock }: IntakeOptions): Intake {
  let isClosed = false;
  /** VMs and exclusive keys for which a task is being recorded at this moment. */
  const reserved = new Map<VmId, TaskId>();
  const reservedKeys = new Map<string, TaskId>();
  const turns = new Map<string, Promise<unknown>>();

  /** Requests under one key go one after the other: the second then finds the first one's task. */
  function inTurn(order: Order, take: () => Promise<TaskAnswer>): Promise<TaskAnswer> {
    if (order.idempotencyKey === null) return take();
    const key = JSON.stringify([order.actor, order.idempotencyKey]);
    const mine = (turns.get(key) ?? Promise.resolve()).then(take);
    const settled: Promise<unknown> = mine
      .catch(() => undefined)
      .then(() => turns.get(key) === settled && turns.delete(key));
    turns.set(key, settled);
    return mine;
  }

  async function take(useCase: UseCase, order: Order): Promise<TaskAnswer> {
    const hash = inputHash(useCase.kind, order.asked);
    const earlier = await earlierTask(order);
    if (earlier !== undefined) return repeatOf(earlier, inputHash(earlier.kind, askedOf(earlier)) === hash);

    const { plan, userErrors } = await useCase.check(order.asked, order);
    if (plan !== null) {
      // As long as it is not known what was left of the node's tasks, a VM that looks free may not be.
      await dispatch.settled(plan.node);
      await endingOf(plan);
    }
    const busy = plan === null ? [] : [...busyFault(plan), ...takenFault(plan)];
    const faults = [...userErrors, ...closedFault(), ...busy];
    if (plan === null || faults.length > 0) return refused(faults);
    if (order.dryRun) return dryRunOf(plan);
    return record(useCase, order, plan);
  }

  async function earlierTask(order: Order): Promise<Task | undefined> {
    if (order.dryRun) return undefined;
    for (const id of earlierTaskIds(order, clock.now())) {
      const task = runner.job(id)?.record.task ?? (await store.task(id));
      if (task !== undefined && isWithinKeyLifetime(task, clock.now())) return task;
    }
    return undefined;
  }

  /** Whoever saw a task's end may ask for the next thing at once, although its job is not put away yet. */
  async function endingOf({ vmId, exclusive }: Plan): Promise<void> {
    const jobs = [vmId && runner.jobOfVm(vmId), exclusive && runner.jobOfKey(exclusive.key)];
    for (const job of jobs) if (job && job.phase === "ending") await job.ended;
  }

  function busyFault({ vmId }: Plan): readonly UserError[] {
    if (vmId === null) return [];
    const holder = reserved.get(vmId) ?? runner.jobOfVm(vmId)?.record.task.id;
    if (holder === undefined) return [];
    return [busy(runner.job(holder)?.record.task ?? { id: holder, kind: "a task", state: "QUEUED" })];
  }

  function takenFault({ exclusive }: Plan): readonly UserError[] {
    if (exclusive === undefined) return [];
    const holder = reservedKeys.get(exclusive.key) ?? runner.jobOfKey(exclusive.key)?.record.task.id;
    return holder === undefined ? [] : [taken(exclusive, holder)];
  }

  /** Found on record only: another server has it. */
  function rivalFault(rival: Task, { vmId, exclusive }: Plan): UserError {
    const isAboutKey = exclusive !== undefined && (vmId === null || rival.vmId !== vmId);
    return isAboutKey ? taken(exclusive, rival.id) : busy(rival);
  }

  function closedFault(): readonly UserError[] {
    return isClosed
      ? [fault("SHUTTING_DOWN", "The server is stopping and takes no new tasks; nothing was done. Try again soon.", [])]
      : [];
  }

  async function record(useCase: UseCase, order: Order, plan: Plan): Promise<TaskAnswer> {
    const task = queuedTask({ useCase, order, plan, nowMs: clock.now() });
    if (plan.vmId !== null) reserved.set(plan.vmId, task.id);
    if (plan.exclusive !== undefined) reservedKeys.set(plan.exclusive.key, task.id);
    try {
      const { idempotencyKey, asked } = order;
      const creation = { task, idempotencyKey, inputHash: inputHash(useCase.kind, asked), ...aloneOf(plan) };
      const recorded = await dispatch.admit(task, () => store.createTask(creation));
      if (recorded.isRival === true) return refused([rivalFault(recorded.task, plan)]);
      if (!recorded.isNew) return repeatOf(recorded.task, recorded.sameInput);
      return { task, commands: [], userErrors: [] };
    } finally {
      if (plan.vmId !== null) reserved.delete(plan.vmId);
      if (plan.exclusive !== undefined) reservedKeys.delete(plan.exclusive.key);
    }
  }

  return {
    take: (useCase, order) => inTurn(order, () => take(useCase, order)),
    close() {
      isClosed = true;
    },
  };
}

interface Queued {
  readonly useCase: UseCase;
  readonly order: Order;
  readonly plan: Plan;
  readonly nowMs: number;
}

function queuedTask({ useCase, order, plan, nowMs }: Queued): Task {
  return {
    id: newTaskId(order, nowMs),
    kind: useCase.kind,
    state: "QUEUED",
    progress: null,
    steps: (plan.steps ?? useCase.steps).map(pendingStep),
    actor: order.actor,
    node: plan.node,
    vmId: plan.vmId,
    input: {
      ...plan.facts,
      ...(plan.exclusive === undefined ? {} : { exclusive: plan.exclusive.key }),
      asked: order.asked,
    },
    commands: [],
    hostOutput: "",
    result: null,
    error: null,
    createdAt: timestampOf(nowMs),
    startedAt: null,
    sentAt: null,
    finishedAt: null,
  };
}

function pendingStep(name: string): TaskStep {
  return { name, state: "PENDING", detail: null, startedAt: null, finishedAt: null };
}

/** Words that no command may hold are found when the lines are made. */
function dryRunOf(plan: Plan): TaskAnswer {
  try {
    const files = plan.files?.();
    return { task: null, commands: plan.commands(), ...(files === undefined ? {} : { files }), userErrors: [] };
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    if (code === "INTERNAL") throw thrown;
    return refused([fault(code, message, ["input"])]);
  }
}

function aloneOf({ vmId, exclusive }: Plan): { readonly alone?: Alone } {
  if (vmId === null && exclusive === undefined) return {};
  return { alone: { vmId, key: exclusive?.key ?? null } };
}

function busy({ id, kind, state }: { readonly id: TaskId; readonly kind: string; readonly state: string }): UserError {
  const message = `Another task changes this VM: ${id} (${kind}, ${state}). Wait for its end, or cancel it, and try again.`;
  return fault("CONFLICT", message, ["input", "vmId"]);
}

function taken({ deed, path }: Exclusive, holder: TaskId): UserError {
  return fault("CONFLICT", `Another task ${deed}: ${holder}. Wait for its end, or choose otherwise.`, path);
}

function askedOf(task: Task): Facts {
  return task.input["asked"] as Facts;
}

function repeatOf(task: Task, sameInput: boolean): TaskAnswer {
  if (sameInput) return { task, commands: [], userErrors: [] };
  const message = `This idempotencyKey was used for another request within 24 hours (task ${task.id}). Use a new key.`;
  return refused([fault("CONFLICT", message, ["input", "idempotencyKey"])]);
}

function refused(userErrors: readonly UserError[]): TaskAnswer {
  return { task: null, commands: [], userErrors };
}

function fault(code: ErrorCode, message: string, path: readonly string[]): UserError {
  return { code, message, path };
}
