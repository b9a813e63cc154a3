import { homedir } from "node:os";
import { join, resolve } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Absolute: `~` is the home of `env`, everything else is taken from `folder`. */
export function absolutePath(path: string, folder: string, env: Environment): string {
  const home = env["HOME"] ?? homedir();
  if (path === "~") return home;
  return path.startsWith("~/") ? join(home, path.slice(2)) : resolve(folder, path);
}
