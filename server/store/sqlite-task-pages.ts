/** Pages of tasks by filter and keyset. */
import type { SQLInputValue } from "node:sqlite";
import type { Task } from "../model.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { parseRecord } from "./sqlite-records.ts";
import type { TaskFilter, TaskPage, TaskQuery } from "./store.ts";
import { decodeTaskCursor, encodeTaskCursor } from "./task-cursor.ts";

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

export function readTaskPage({ db }: SqliteFile, query: TaskQuery): TaskPage {
  const runningFirst = query.runningFirst ?? false;
  const filters = filterConditions(query.filter);
  const conditions = query.after === undefined ? filters : [...filters, afterCondition(query.after, runningFirst)];
  const order = runningFirst ? "has_ended, sequence DESC" : "sequence DESC";
  const rows = db
    .prepare(`SELECT sequence, has_ended, record FROM task ${whereOf(conditions)} ORDER BY ${order} LIMIT ?`)
    .all(...valuesOf(conditions), query.limit + 1);
  const page = rows.slice(0, query.limit);
  const total = db.prepare(`SELECT count(*) AS total FROM task ${whereOf(filters)}`).get(...valuesOf(filters));
  return {
    tasks: page.map((row) => parseRecord(row["record"]) as Task),
    cursors: page.map((row) =>
      encodeTaskCursor({ runningFirst, hasEnded: row["has_ended"] === 1, sequence: Number(row["sequence"]) }),
    ),
    hasMore: rows.length > page.length,
    totalCount: Number(total?.["total"]),
  };
}

function filterConditions({ states, kinds, nodes, vmIds }: TaskFilter): Condition[] {
  return [oneOf("state", states), oneOf("kind", kinds), oneOf("node", nodes), oneOf("vm_id", vmIds)].flat();
}

function oneOf(column: string, values: readonly string[] | undefined): Condition[] {
  if (values === undefined) return [];
  return [{ sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] }];
}

function afterCondition(cursor: string, runningFirst: boolean): Condition {
  const place = decodeTaskCursor(cursor, runningFirst);
  if (!runningFirst) return { sql: "sequence < ?", values: [place.sequence] };
  return { sql: "(has_ended, -sequence) > (?, ?)", values: [place.hasEnded ? 1 : 0, -place.sequence] };
}

function whereOf(conditions: readonly Condition[]): string {
  if (conditions.length === 0) return "";
  return `WHERE ${conditions.map((condition) => condition.sql).join(" AND ")}`;
}

function valuesOf(conditions: readonly Condition[]): SQLInputValue[] {
  return conditions.flatMap((condition) => condition.values);
}
