/** Everything just-bash is given to look like a host's shell: the host's commands, better ones, missing ones, our marks. */
import type { CustomCommand } from "just-bash";
import { defineCommand, latin1FromBytes } from "just-bash";
import { failed, ok } from "../commands/command.ts";
import type { World } from "../world/world.ts";
import type { HostCommands } from "./host-commands.ts";
import { hostCommandNames } from "./host-commands.ts";
import { marks } from "./live-script.ts";
import { missingCommands, readlink, stat } from "./overrides.ts";
import type { PipeClock } from "./pipe-clock.ts";

export interface ShellContext {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface BashCommandOptions {
  readonly world: World;
  readonly commands: HostCommands;
  readonly clock: PipeClock;
  readonly signal: AbortSignal;
  readonly drop: () => void;
  readonly startJob: (index: number, context: ShellContext) => void;
  readonly waitForJobs: () => Promise<unknown>;
}

export function bashCommands(options: BashCommandOptions): CustomCommand[] {
  const { world, commands, clock, signal, drop } = options;
  const files = world.files;
  return [
    ...hostCommandNames.map((name) =>
      defineCommand(name, (words) => commands.run({ name, words, signal, credit: clock.take, drop })),
    ),
    ...missingCommands.map((name) => defineCommand(name, async () => failed(127, `sh: ${name}: not found\n`))),
    defineCommand("readlink", (words, { cwd }) => readlink({ words, cwd, files })),
    defineCommand("stat", (words, { cwd }) => stat({ words, cwd, files })),
    defineCommand("trap", async () => ok()),
    defineCommand("sync", async () => ok()),
    defineCommand("usleep", async (words) => {
      await new Promise((resolve) => setTimeout(resolve, Number(words[0]) / 1000));
      return ok();
    }),
    defineCommand(marks.job, async (words, { env, cwd }) => {
      options.startJob(Number(words[0]), { env: Object.fromEntries(env), cwd });
      return ok();
    }),
    defineCommand(marks.run, async ([name = "", ...args], { exec, cwd, stdin }) => {
      return (await exec?.(name, { cwd, args, stdin: latin1FromBytes(stdin), stdinKind: "bytes" })) ?? ok();
    }),
    defineCommand(marks.wait, async () => {
      await options.waitForJobs();
      return ok();
    }),
    defineCommand(marks.pipeStart, async () => {
      clock.start();
      return ok();
    }),
    defineCommand(marks.pipeNext, async (words) => {
      clock.next(words[0] === "last");
      return ok();
    }),
  ];
}
