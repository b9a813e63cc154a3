/** What every command of the false host is made of. */
import type { World } from "../world/world.ts";

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Words after the command's name. Everything it does to the world happens in one synchronous step after its delay. */
export type HostCommand = (words: readonly string[], world: World) => CommandResult | Promise<CommandResult>;

export function ok(stdout = ""): CommandResult {
  return { stdout, stderr: "", exitCode: 0 };
}

export function failed(exitCode: number, stderr: string, stdout = ""): CommandResult {
  return { stdout, stderr, exitCode };
}
