/** Tasks, each with its audit entry and the key it was asked under. */
import type { Clock } from "../clock.ts";
import { timestampOf } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Task, TaskId } from "../model.ts";
import { hasEnded } from "../model.ts";
import type { AuditTable } from "./sqlite-audit.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { createIdempotencyTable } from "./sqlite-idempotency.ts";
import type { Ledger } from "./sqlite-ledger.ts";
import { isStoredAs, parseRecord } from "./sqlite-records.ts";
import { readTaskPage } from "./sqlite-task-pages.ts";
import type { AuditEntry, TaskCreation, TaskPage, TaskQuery } from "./store.ts";
import { isRivalOf } from "./task-rivals.ts";

/** With id, sequence and `taskColumns`. */
export const insertTask = "INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

export interface TaskTables {
  /** The new task's audit entry, or what was recorded earlier under the same key. */
  create(creation: TaskCreation): TaskCreated;
  /** Answers whether anything was written. */
  save(task: Task): boolean;
  get(id: TaskId): Task | undefined;
  page(query: TaskQuery): TaskPage;
}

export type TaskCreated = { readonly audited: AuditEntry } | TaskInTheWay;

/** Recorded earlier under the same key, or a rival. */
export interface TaskInTheWay {
  readonly earlier: Task;
  readonly sameInput: boolean;
  readonly isRival: boolean;
}

export interface TaskTablesOptions {
  readonly file: SqliteFile;
  readonly ledger: Ledger;
  readonly audit: AuditTable;
  readonly clock: Clock;
}

export function createTaskTables({ file, ledger, audit, clock }: TaskTablesOptions): TaskTables {
  const keys = createIdempotencyTable(file, clock);
  const select = file.db.prepare("SELECT record FROM task WHERE id = ?");
  const selectUnfinished = file.db.prepare("SELECT record FROM task WHERE has_ended = 0 ORDER BY sequence");
  const insert = file.db.prepare(insertTask);
  const update = file.db.prepare(
    "UPDATE task SET has_ended = ?, kind = ?, state = ?, node = ?, vm_id = ?, record = ? WHERE id = ?",
  );

  function find(id: TaskId): Task | undefined {
    const row = select.get(id);
    return row && (parseRecord(row["record"]) as Task);
  }

  function findEarlier({ task, idempotencyKey, inputHash }: TaskCreation): TaskCreated | undefined {
    if (idempotencyKey === null) return undefined;
    const request = keys.find({ actor: task.actor, key: idempotencyKey });
    const earlier = request && find(request.taskId);
    return earlier && { earlier, sameInput: request.inputHash === inputHash, isRival: false };
  }

  function findRival({ alone }: TaskCreation): TaskCreated | undefined {
    if (alone === undefined) return undefined;
    const unfinished = selectUnfinished.all().map((row) => parseRecord(row["record"]) as Task);
    const earlier = unfinished.find((task) => isRivalOf(task, alone));
    return earlier && { earlier, sameInput: false, isRival: true };
  }

  function insertNew({ task, idempotencyKey, inputHash }: TaskCreation, sequence: number): AuditEntry {
    if (select.get(task.id)) throw new AppError("CONFLICT", `There is a task ${task.id} already.`);
    insert.run(task.id, sequence, ...taskColumns(task));
    if (idempotencyKey !== null) {
      keys.record({ actor: task.actor, key: idempotencyKey }, { taskId: task.id, inputHash });
    }
    return audit.append({
      at: timestampOf(clock.now()),
      actor: task.actor,
      action: task.kind,
      taskId: task.id,
      node: task.node,
      vmId: task.vmId,
      input: JSON.stringify(task.input),
    });
  }

  return {
    create(creation) {
      let earlier: TaskCreated | undefined;
      const audited = ledger.commit((number) => {
        earlier = findEarlier(creation) ?? findRival(creation);
        return earlier === undefined ? insertNew(creation, number) : undefined;
      });
      if (audited !== undefined) return { audited };
      if (earlier !== undefined) return earlier;
      throw new AppError("INTERNAL", `Task ${creation.task.id} was neither recorded nor found.`);
    },
    save(task) {
      const saved = ledger.commit(() => {
        const row = select.get(task.id);
        if (row === undefined) throw new AppError("NOT_FOUND", `There is no task ${task.id}.`);
        if (isStoredAs(row["record"], task)) return undefined;
        update.run(...taskColumns(task), task.id);
        return true;
      });
      return saved ?? false;
    },
    get: (id) => file.read(() => find(id)),
    page: (query) => file.read(() => readTaskPage(file, query)),
  };
}

export function taskColumns(task: Task): [number, string, string, string, string | null, string] {
  return [hasEnded(task) ? 1 : 0, task.kind, task.state, task.node, task.vmId, JSON.stringify(task)];
}
