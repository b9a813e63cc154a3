/** Commands as a person types them into a terminal. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const projectRoot = join(import.meta.dirname, "../..");

export interface Running {
  /** Everything it printed so far, errors included. */
  readonly text: string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Signals it and what it started. */
  signal(name: NodeJS.Signals): void;
}

/** One line for the shell, in the project's folder. Rejects when it fails. */
export async function run(line: string): Promise<string> {
  const { stdout } = await promisify(execFile)("sh", ["-c", line], { cwd: projectRoot, timeout: 30_000 });
  return stdout;
}

/** The same for a line that does not end by itself. */
export function start(line: string, env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn("sh", ["-c", line], { cwd: projectRoot, env: { ...process.env, ...env }, detached: true });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  return {
    get text() {
      return text;
    },
    ended: new Promise((resolve) => child.once("close", resolve)),
    signal(name) {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // It has ended already.
      }
    },
  };
}

/** For `test.skipIf`: what of these is not installed, in words; undefined: nothing. */
export function notInstalled(...programs: readonly string[]): string | undefined {
  const missing = programs.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  return missing.length === 0 ? undefined : `not installed: ${missing.join(", ")}`;
}
