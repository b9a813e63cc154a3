/** Which task answered which request key, for a day. */
import type { Clock } from "../clock.ts";
import type { TaskId } from "../model.ts";
import type { SqliteFile } from "./sqlite-file.ts";

const keptMs = 24 * 60 * 60 * 1000;

export interface RequestKey {
  readonly actor: string;
  readonly key: string;
}

export interface EarlierRequest {
  readonly taskId: TaskId;
  readonly inputHash: string;
}

export interface IdempotencyTable {
  find(request: RequestKey): EarlierRequest | undefined;
  /** Within a transaction; also forgets what is too old. */
  record(request: RequestKey, answer: EarlierRequest): void;
}

export function createIdempotencyTable({ db }: SqliteFile, clock: Clock): IdempotencyTable {
  const select = db.prepare(
    "SELECT task_id, input_hash FROM idempotency WHERE actor = ? AND key = ? AND recorded_at_ms > ?",
  );
  const insert = db.prepare("INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?)");
  const forget = db.prepare("DELETE FROM idempotency WHERE recorded_at_ms <= ?");
  return {
    find({ actor, key }) {
      const row = select.get(actor, key, clock.now() - keptMs);
      return row && { taskId: String(row["task_id"]), inputHash: String(row["input_hash"]) };
    },
    record({ actor, key }, { taskId, inputHash }) {
      forget.run(clock.now() - keptMs);
      insert.run(actor, key, inputHash, taskId, clock.now());
    },
  };
}
