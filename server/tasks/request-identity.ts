/** By what a repeated request is recognised. */
import { createHash, randomUUID } from "node:crypto";
import type { Task, TaskId, TaskKind } from "../model.ts";
import type { Facts } from "./use-case.ts";

const dayMs = 24 * 60 * 60 * 1000;

export interface KeyedRequest {
  readonly actor: string;
  readonly idempotencyKey: string | null;
}

/**
 * A request without a key gets a random id. That of a keyed one follows from actor, key and day, so that its earlier
 * task is found before anything is checked: after a success the checks of its repeat would fail.
 */
export function newTaskId({ actor, idempotencyKey }: KeyedRequest, nowMs: number): TaskId {
  if (idempotencyKey === null) return `task-${randomUUID()}`;
  return `task-${sha256([actor, idempotencyKey, Math.floor(nowMs / dayMs)]).slice(0, 32)}`;
}

/** Under these ids a task of the same actor and key may be recorded that is not older than 24 h. */
export function earlierTaskIds(request: KeyedRequest, nowMs: number): readonly TaskId[] {
  return request.idempotencyKey === null ? [] : [newTaskId(request, nowMs), newTaskId(request, nowMs - dayMs)];
}

export function isWithinKeyLifetime(task: Task, nowMs: number): boolean {
  return nowMs - Date.parse(task.createdAt) < dayMs;
}

export function inputHash(kind: TaskKind, asked: Facts): string {
  const fields = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256([kind, fields]);
}

function sha256(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
