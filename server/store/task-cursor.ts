/** Cursors of task pages: the place of a task in its order, opaque to callers. */
import { AppError } from "../errors.ts";

export interface TaskPlace {
  readonly runningFirst: boolean;
  readonly hasEnded: boolean;
  /** Rises with creation. */
  readonly sequence: number;
}

export function encodeTaskCursor({ runningFirst, hasEnded, sequence }: TaskPlace): string {
  const text = `${runningFirst ? "r" : "n"}${hasEnded ? "e" : "u"}${sequence}`;
  return Buffer.from(text).toString("base64url");
}

/** @throws AppError INVALID_INPUT for anything but a cursor of this order */
export function decodeTaskCursor(cursor: string, runningFirst: boolean): TaskPlace {
  const match = /^([rn])([eu])(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (match === null || (match[1] === "r") !== runningFirst) {
    throw new AppError(
      "INVALID_INPUT",
      "This is not a cursor of this list of tasks. Read the list from its beginning.",
    );
  }
  return { runningFirst, hasEnded: match[2] === "e", sequence: Number(match[3]) };
}
