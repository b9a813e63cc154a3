/** The marks of redirects.ts: may these files be opened, where does output go from here, was all of it written. */
import type { CustomCommand } from "just-bash";
import { defineCommand } from "just-bash";
import type { CommandResult } from "../commands/command.ts";
import { failed, ok } from "../commands/command.ts";
import { codeOf } from "../world/file-error.ts";
import { checkUse } from "../world/host-files.ts";
import type { World } from "../world/world.ts";
import { canonicalPath } from "../world/world.ts";
import type { Outputs } from "./outputs.ts";
import { targetOf } from "./outputs.ts";
import { redirectMarks } from "./redirects.ts";
import type { WatchedFiles } from "./run-files.ts";

export interface RedirectContext {
  readonly world: World;
  readonly outputs: Outputs;
  readonly watched: WatchedFiles;
}

export function redirectCommands({ world, outputs, watched }: RedirectContext): CustomCommand[] {
  const absolute = (cwd: string, path: string): string => canonicalPath(world, world.files.resolvePath(cwd, path));
  return [
    defineCommand(redirectMarks.open, async (words, { cwd }) => {
      for (const word of words) {
        const reason = await refusalToOpen(world, absolute(cwd, word));
        if (reason !== null) return failed(1, `sh: can't create ${word}: ${reason}\n`);
      }
      watched.watch(words.map((word) => absolute(cwd, word)));
      return ok();
    }),
    defineCommand(redirectMarks.written, async ([teller = "sh", status = "0"]) => told(watched, teller, status)),
    defineCommand(redirectMarks.enter, async ([id = "", out = "", err = "", status = "0"], { cwd }) => {
      const now = outputs.now();
      const resolve = (path: string): string => absolute(cwd, path);
      outputs.enter(id, { stdout: targetOf(out, now, resolve), stderr: targetOf(err, now, resolve) });
      return { ...ok(), exitCode: Number(status) };
    }),
    defineCommand(redirectMarks.leave, async ([id = "", status = "0"]) => {
      outputs.leave(id);
      return told(watched, "sh", status);
    }),
  ];
}

/** The words with which ash refuses to open it, or null. */
async function refusalToOpen(world: World, path: string): Promise<string | null> {
  const parent = path.replace(/\/[^/]*$/, "") || "/";
  try {
    checkUse(world, path, "write");
  } catch (error) {
    return codeOf(error) === undefined ? "error" : (error as Error).message;
  }
  if (!(await world.hostFiles.exists(parent))) return "nonexistent directory";
  if (!(await world.files.stat(parent)).isDirectory) return "Not a directory";
  if ((await world.files.exists(path)) && (await world.files.stat(path)).isDirectory) return "Is a directory";
  return null;
}

const builtins = new Set([":", "echo", "printf", "test", "[", "sh"]);

/** After the command: its status, or that not all of its output was written. */
function told(watched: WatchedFiles, teller: string, status: string): CommandResult {
  const failure = watched.unwatch();
  if (failure === null) return { ...ok(), exitCode: Number(status) };
  return failed(1, `${builtins.has(teller) ? "sh" : teller}: write error: ${failure.message}\n`);
}
