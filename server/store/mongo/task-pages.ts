/** Pages of tasks by filter and keyset. */
import type { Filter } from "mongodb";
import type { TaskFilter, TaskPage, TaskQuery } from "../store.ts";
import { decodeTaskCursor, encodeTaskCursor } from "../task-cursor.ts";
import type { Collections, TaskDocument } from "./documents.ts";
import { text } from "./scalars.ts";

export async function readTaskPage({ tasks }: Collections, query: TaskQuery): Promise<TaskPage> {
  const runningFirst = query.runningFirst ?? false;
  const filter = filterOf(query.filter);
  const after = query.after === undefined ? {} : afterCursor(query.after, runningFirst);
  const [documents, totalCount] = await Promise.all([
    tasks
      .find({ $and: [filter, after] })
      .sort(runningFirst ? { hasEnded: 1, sequence: -1 } : { sequence: -1 })
      .limit(query.limit + 1)
      .toArray(),
    tasks.countDocuments(filter),
  ]);
  const page = documents.slice(0, query.limit);
  return {
    tasks: page.map(({ task }) => task),
    cursors: page.map(({ hasEnded, sequence }) => encodeTaskCursor({ runningFirst, hasEnded, sequence })),
    hasMore: documents.length > page.length,
    totalCount,
  };
}

function filterOf({ states, kinds, nodes, vmIds }: TaskFilter): Filter<TaskDocument> {
  return { ...oneOf("state", states), ...oneOf("kind", kinds), ...oneOf("node", nodes), ...oneOf("vmId", vmIds) };
}

/** Whatever a user sent, what reaches the query is text. */
function oneOf(field: string, values: readonly string[] | undefined): Record<string, { $in: string[] }> {
  return values === undefined ? {} : { [field]: { $in: values.map(text) } };
}

function afterCursor(cursor: string, runningFirst: boolean): Filter<TaskDocument> {
  const { hasEnded, sequence } = decodeTaskCursor(cursor, runningFirst);
  if (!runningFirst) return { sequence: { $lt: sequence } };
  const later = { hasEnded, sequence: { $lt: sequence } };
  return hasEnded ? later : { $or: [later, { hasEnded: true }] };
}
