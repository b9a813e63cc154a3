/** Jobs and processes: `… &`, `wait`, `kill`, and waiting itself. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CustomCommand } from "just-bash";
import { defineCommand } from "just-bash";
import { failed, ok } from "../commands/command.ts";
import type { World } from "../world/world.ts";
import { marks, pidNames } from "./live-script.ts";

export interface ShellContext {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface Jobs {
  /** Gives its process. */
  readonly start: (index: number, context: ShellContext) => number;
  /** Resolves with the exit code of that one, or with 0 when all have ended. */
  readonly wait: (pid?: number) => Promise<number>;
}

export function processCommands(world: World, jobs: Jobs, signal: AbortSignal): CustomCommand[] {
  const pause = async (ms: number): Promise<void> => {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  };
  return [
    defineCommand(marks.job, async (words, { env, cwd, assignShellVariable }) => {
      const pid = jobs.start(Number(words[0]), { env: Object.fromEntries(env), cwd });
      await assignShellVariable?.(pidNames.job, String(pid));
      return ok();
    }),
    defineCommand(marks.wait, async (words) => {
      if (words.length === 0) return { ...ok(), exitCode: await jobs.wait() };
      let exitCode = 0;
      for (const word of words) exitCode = await jobs.wait(Number(word));
      return { ...ok(), exitCode };
    }),
    defineCommand("kill", async (words) => {
      const pids = words.filter((word) => /^\d+$/.test(word)).map(Number);
      const only = words.includes("-0");
      const missing = pids.find((pid) => !(only ? world.processes.isAlive(pid) : world.processes.kill(pid)));
      return missing === undefined ? ok() : failed(1, `sh: can't kill pid ${missing}: No such process\n`);
    }),
    defineCommand("sleep", async ([seconds = "0"]) => {
      await pause(Number(seconds.replace(/s$/, "")) * 1000);
      return ok();
    }),
    defineCommand("usleep", async ([micros = "0"]) => {
      await pause(Number(micros) / 1000);
      return ok();
    }),
  ];
}
