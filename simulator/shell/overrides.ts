/**
 * Commands that just-bash lacks or gets wrong, and those that an ESXi host lacks though just-bash has them.
 * See docs of the shell in run-script.ts.
 */

import { posix } from "node:path";
import type { InMemoryFs } from "just-bash";
import type { CommandResult } from "../commands/command.ts";
import { failed, ok } from "../commands/command.ts";

/** ESXi 7 has none of these. */
export const missingCommands = [
  "tr",
  "nohup",
  "setsid",
  "base64",
  "logger",
  "bash",
  "jq",
  "curl",
  "tac",
  "rev",
] as const;

/** What mkdir, rmdir, rm and mv say when they can't. */
export function inBusyboxWords<T extends { readonly stderr: string }>(result: T): T {
  const stderr = result.stderr
    .replaceAll(/^(\w+): cannot /gm, "$1: can't ")
    .replaceAll(/^rmdir: failed to remove /gm, "rmdir: ")
    .replaceAll(/^(mv): can't move .* to '(.*)': /gm, "$1: can't rename '$2': ");
  return { ...result, stderr };
}

/** just-bash's `rm -f` is silent about what it can't remove; a real one is not. */
export async function removed({ words, cwd, files }: FileCall, result: CommandResult): Promise<CommandResult> {
  if (result.exitCode !== 0) return result;
  const left: string[] = [];
  for (const word of words.filter((each) => !each.startsWith("-"))) {
    if (await files.exists(files.resolvePath(cwd, word)))
      left.push(`rm: can't remove '${word}': Device or resource busy\n`);
  }
  return left.length === 0 ? result : failed(1, result.stderr + left.join(""), result.stdout);
}

export interface FileCall {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly files: InMemoryFs;
}

/** `readlink [-f] PATH`: just-bash's own does not follow linked folders, such as datastores by name. */
export async function readlink({ words, cwd, files }: FileCall): Promise<CommandResult> {
  const path = files.resolvePath(cwd, words.filter((word) => !word.startsWith("-")).at(-1) ?? "");
  try {
    if (!words.includes("-f")) return ok(`${await files.readlink(path)}\n`);
    return ok(`${await canonical(files, path)}\n`);
  } catch {
    return failed(1, "");
  }
}

/** The last part need not exist, as with the real one. */
async function canonical(files: InMemoryFs, path: string): Promise<string> {
  if (await files.exists(path)) return files.realpath(path);
  return posix.join(await files.realpath(posix.dirname(path)), posix.basename(path));
}

/** `stat [-L] [-c FORMAT] PATH...`: just-bash's own does not know %Y. */
export async function stat({ words, cwd, files }: FileCall): Promise<CommandResult> {
  const formatAt = words.indexOf("-c");
  const format = formatAt === -1 ? "  File: %n\n  Size: %s\nModify: %y" : (words[formatAt + 1] ?? "");
  const paths = words.filter(
    (word, index) => !word.startsWith("-") && index !== formatAt + 1 - (formatAt === -1 ? words.length + 1 : 0),
  );
  const printed: string[] = [];
  for (const path of paths) {
    try {
      printed.push(`${await filled(format, { words: [path], cwd, files })}\n`);
    } catch {
      return failed(1, `stat: can't stat '${path}': No such file or directory\n`, printed.join(""));
    }
  }
  return ok(printed.join(""));
}

async function filled(format: string, { words, cwd, files }: FileCall): Promise<string> {
  const path = words[0] ?? "";
  const info = await files.stat(files.resolvePath(cwd, path));
  const values: Readonly<Record<string, string>> = {
    n: path,
    s: String(info.size),
    Y: String(Math.floor(info.mtime.getTime() / 1000)),
    y: info.mtime.toISOString(),
    F: info.isDirectory ? "directory" : "regular file",
    a: (info.mode & 0o777).toString(8),
    "%": "%",
  };
  return format.replaceAll(/%(.)/g, (whole, letter: string) => values[letter] ?? whole);
}
