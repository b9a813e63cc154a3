/** What a line to a database can do to the commands on it. */
import type { Document } from "mongodb";
import type { Break } from "../cutting-proxy.ts";
import type { Command } from "./wire.ts";

export interface StepDown {
  /** Share of the writes, 0 to 1, that are done although the answer says they were not. */
  readonly doneShare: number;
}

export interface RandomCuts {
  /** Drawn for each connection. Time and bytes count from the first command on it that `of` accepts. */
  readonly nextBreak: () => Break;
  /** Default: any. Handshakes, and so the connections by which a driver watches a server, never count. */
  readonly of?: (command: Command) => boolean;
}

/** In force now. */
export interface Faults {
  isSilent: boolean;
  stepDown: StepDown | undefined;
  /** Share of the writes, 0 to 1. */
  lostShare: number;
  cuts: RandomCuts | undefined;
}

/** What becomes of a command. */
export interface Verdict {
  readonly isForwarded: boolean;
  /** What comes back in place of the server's answer; "cut": the end of the connection. Undefined: the server's own, if any. */
  readonly instead?: Document | "cut" | undefined;
}

const writes = new Set(["insert", "update", "delete", "findAndModify", "bulkWrite"]);
/** What a server answers whether or not it is the primary. */
const anybodys = new Set([
  "hello",
  "isMaster",
  "ismaster",
  "ping",
  "buildInfo",
  "saslStart",
  "saslContinue",
  "endSessions",
]);
const handshakes = new Set(["hello", "isMaster", "ismaster"]);

export const isWrite = ({ name }: Command): boolean => writes.has(name);
export const isHandshake = ({ name }: Command): boolean => handshakes.has(name);

export function opensChangeStream({ name, body }: Command): boolean {
  const stages: unknown = body["pipeline"];
  return name === "aggregate" && Array.isArray(stages) && "$changeStream" in Object(stages[0]);
}

export function judge(command: Command, { stepDown, lostShare }: Faults, random: () => number): Verdict {
  if (stepDown !== undefined && !anybodys.has(command.name)) {
    const isForwarded = isWrite(command) && random() < stepDown.doneShare;
    return { isForwarded, instead: command.isAnswered ? notPrimary(command, random) : undefined };
  }
  const isLost = isWrite(command) && command.isAnswered && lostShare > 0 && random() < lostShare;
  return { isForwarded: true, instead: isLost ? "cut" : undefined };
}

/** Labelled as MongoDB labels it: the driver repeats by itself only what the server says may be repeated. */
function notPrimary({ name, body }: Command, random: () => number): Document {
  const errorLabels = [
    ...(body["txnNumber"] === undefined ? [] : ["RetryableWriteError"]),
    ...(name === "getMore" ? ["ResumableChangeStreamError"] : []),
  ];
  const error =
    random() < 0.5
      ? { errmsg: "not primary", code: 10107, codeName: "NotWritablePrimary" }
      : { errmsg: "primary stepped down", code: 189, codeName: "PrimarySteppedDown" };
  return { ok: 0, ...error, ...(errorLabels.length > 0 && { errorLabels }) };
}
