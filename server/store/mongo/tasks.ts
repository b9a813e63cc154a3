/** Tasks: recorded and saved by commits, found in their collection. */
import { type Clock, timestampOf } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { Task, TaskId } from "../../model.ts";
import { type AuditFacts, chainEntry } from "../audit-chain.ts";
import type { AuditEntry, AuditedDeed, TaskCreation, TaskRecorded } from "../store.ts";
import { isRivalOf } from "../task-rivals.ts";
import type { Commits } from "./commits.ts";
import type { Collections } from "./documents.ts";
import { requestsKeptMs } from "./effects.ts";
import type { Deed } from "./journal.ts";
import { text } from "./scalars.ts";
import { isSame, type State } from "./state.ts";

export type Recorded = Omit<TaskRecorded, "revision"> & { readonly audited?: AuditEntry };

export interface MongoTasks {
  create(creation: TaskCreation): Promise<Recorded>;
  /** @param check throws when the lease is not in force any more */
  save(task: Task, check: (state: State) => void): Promise<void>;
  audit(deed: AuditedDeed): Promise<AuditEntry>;
  find(id: TaskId): Promise<Task | undefined>;
}

export interface MongoTasksOptions {
  readonly collections: Collections;
  readonly commits: Commits;
  readonly state: () => State;
  readonly clock: Clock;
}

export function createMongoTasks({ collections, commits, state, clock }: MongoTasksOptions): MongoTasks {
  const { tasks, requests } = collections;

  async function stored(id: TaskId): Promise<Task | undefined> {
    return state().unfinished.get(id) ?? (await tasks.findOne({ _id: text(id) }))?.task;
  }

  async function findEarlier({ task, idempotencyKey, inputHash }: TaskCreation): Promise<Recorded | undefined> {
    if (idempotencyKey === null) return undefined;
    const request = await requests.findOne({ _id: requestId(task.actor, idempotencyKey) });
    if (request === null || request.at <= clock.now() - requestsKeptMs) return undefined;
    const earlier = await stored(request.taskId);
    return earlier && { task: earlier, isNew: false, sameInput: request.inputHash === inputHash };
  }

  function findRival({ alone }: TaskCreation, { unfinished }: State): Recorded | undefined {
    if (alone === undefined) return undefined;
    const rival = [...unfinished.values()].find((task) => isRivalOf(task, alone));
    return rival && { task: rival, isNew: false, sameInput: false, isRival: true };
  }

  function recording(
    { task, idempotencyKey, inputHash }: TaskCreation,
    now: State,
  ): Extract<Deed, { kind: "recorded" }> {
    const { actor, kind, id: taskId, node, vmId, input } = task;
    const at = clock.now();
    const deed = { actor, action: kind, taskId, node, vmId, input: JSON.stringify(input) };
    const request = idempotencyKey === null ? null : { id: requestId(actor, idempotencyKey), inputHash, at };
    return { kind: "recorded", task, request, audited: nextAudited(deed, now, at) };
  }

  return {
    async create(creation) {
      const { task } = creation;
      let answer: Recorded | undefined;
      await commits.commit(async (now) => {
        answer = (await findEarlier(creation)) ?? findRival(creation, now);
        if (answer !== undefined) return undefined;
        if ((await stored(task.id)) !== undefined)
          throw new AppError("CONFLICT", `There is a task ${task.id} already.`);
        const deed = recording(creation, now);
        answer = { task, isNew: true, sameInput: true, audited: deed.audited };
        return deed;
      });
      if (answer === undefined) throw new AppError("INTERNAL", `Task ${task.id} was neither recorded nor found.`);
      return answer;
    },
    async save(task, check) {
      await commits.commit(async (now) => {
        check(now);
        const before = await stored(task.id);
        if (before === undefined) throw new AppError("NOT_FOUND", `There is no task ${task.id}.`);
        return isSame(before, task) ? undefined : { kind: "saved", task };
      });
    },
    async audit(deed) {
      const entry = await commits.commit((now) => ({ kind: "audited", audited: nextAudited(deed, now, clock.now()) }));
      if (entry?.deed.kind !== "audited") throw new AppError("INTERNAL", "A deed was not recorded.");
      return entry.deed.audited;
    },
    async find(id) {
      await commits.settle();
      return stored(id);
    },
  };
}

function requestId(actor: string, key: string): string {
  return JSON.stringify([actor, key]);
}

function nextAudited(deed: AuditedDeed, { last: { audit } }: State, nowMs: number): AuditEntry {
  const facts: AuditFacts = { ...deed, sequence: audit.count + 1, at: timestampOf(nowMs) };
  return chainEntry(facts, audit.hash);
}
