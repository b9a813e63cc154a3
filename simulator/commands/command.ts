/** What every command of the false host is made of. */
import type { World } from "../world/world.ts";

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What surrounds a command that takes its time. */
export interface Running {
  /** Fires when it is killed: then it stops where it is. */
  readonly signal: AbortSignal;
  /** Prints at once. */
  readonly emit: (text: string) => Promise<void>;
  /** Called in the middle of it: faults that hit there. */
  readonly midway: () => Promise<void>;
}

/** Words after the command's name. Everything it does to the world happens in one synchronous step after its delay, but for disks. */
export type HostCommand = (
  words: readonly string[],
  world: World,
  running: Running,
) => CommandResult | Promise<CommandResult>;

export function ok(stdout = ""): CommandResult {
  return { stdout, stderr: "", exitCode: 0 };
}

export function failed(exitCode: number, stderr: string, stdout = ""): CommandResult {
  return { stdout, stderr, exitCode };
}
