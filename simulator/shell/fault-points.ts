/** What a fault does to one command: before it acts, in its middle, after it has acted. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CommandResult } from "../commands/command.ts";
import { failed } from "../commands/command.ts";
import { damage } from "../damage.ts";
import type { LiveFault } from "../faults.ts";
import type { FaultMoment } from "../words.ts";

export interface Interruptible {
  readonly signal: AbortSignal;
  /** Cuts the connection with the next output. */
  readonly drop: () => void;
  /** Cuts it now. */
  readonly cut: () => void;
}

export interface FaultPoints {
  /** A result ends the command there, without what would have followed. */
  at(moment: FaultMoment): Promise<CommandResult | undefined>;
  /** What of the result is still to be seen. */
  finish(result: CommandResult): CommandResult;
}

const killed = failed(137, "");

export function createFaultPoints(fault: LiveFault | undefined, call: Interruptible): FaultPoints {
  if (fault === undefined) return { at: async () => undefined, finish: (result) => result };
  const hits = momentOf(fault);
  return {
    at: async (moment) => {
      if (moment !== hits) return undefined;
      if (fault.kind === "hang") await hang(fault, call.signal);
      if (fault.kind === "slow") await sleep(fault.ms ?? 10_000, undefined, { signal: call.signal });
      if (fault.kind === "drop" && fault.at !== undefined) call.cut();
      if (fault.kind === "fail") return failed(fault.exitCode ?? 1, fault.text ?? "Killed\n");
      return fault.kind === "kill" || call.signal.aborted ? killed : undefined;
    },
    finish: (result) => (fault.at === undefined ? damage(result, fault, call.drop) : result),
  };
}

const early: ReadonlySet<string> = new Set(["hang", "slow", "fail", "kill"]);

function momentOf({ kind, at }: LiveFault): FaultMoment {
  return at ?? (early.has(kind) ? "before" : "after");
}

async function hang({ resumes, whenGone }: LiveFault, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  await (resumes ? Promise.race([aborted, whenGone]) : aborted);
}
