/** Everything just-bash is given to look like a host's shell: the host's commands, better ones, missing ones, our marks. */
import type { CustomCommand } from "just-bash";
import { defineCommand, latin1FromBytes } from "just-bash";
import { failed, ok } from "../commands/command.ts";
import type { World } from "../world/world.ts";
import type { HostCommands } from "./host-commands.ts";
import { hostCommandNames } from "./host-commands.ts";
import { marks, streamingCommands } from "./live-script.ts";
import type { Outputs } from "./outputs.ts";
import { inBusyboxWords, missingCommands, readlink, removed, stat } from "./overrides.ts";
import type { PipeClock } from "./pipe-clock.ts";
import type { Jobs } from "./process-commands.ts";
import { processCommands } from "./process-commands.ts";
import { redirectCommands } from "./redirect-commands.ts";
import type { WatchedFiles } from "./run-files.ts";
import type { Sink } from "./sink.ts";

export interface BashCommandOptions {
  readonly world: World;
  readonly commands: HostCommands;
  readonly clock: PipeClock;
  readonly signal: AbortSignal;
  readonly sink: Pick<Sink, "drop" | "cut">;
  readonly jobs: Jobs;
  readonly outputs: Outputs;
  readonly watched: WatchedFiles;
}

/** Faults can hit these too. */
const fileCommands = ["mkdir", "rmdir", "rm", "mv", "sync"] as const;

export function bashCommands(options: BashCommandOptions): CustomCommand[] {
  const { world, commands, clock, signal, sink, outputs } = options;
  const files = world.hostFiles;
  const call = (name: string, words: readonly string[]): Parameters<HostCommands["run"]>[0] => ({
    name,
    words,
    signal,
    credit: clock.take,
    drop: sink.drop,
    cut: sink.cut,
  });
  const emit = (text: string): Promise<void> => outputs.write("stdout", Buffer.from(text));
  return [
    ...hostCommandNames.map((name) => defineCommand(name, (words) => commands.run(call(name, words)))),
    ...missingCommands.map((name) => defineCommand(name, async () => failed(127, `sh: ${name}: not found\n`))),
    ...processCommands(world, options.jobs, signal),
    ...redirectCommands(options),
    defineCommand("readlink", (words, { cwd }) => readlink({ words, cwd, files })),
    defineCommand("stat", (words, { cwd }) => stat({ words, cwd, files })),
    defineCommand("trap", async () => ok()),
    ...fileCommands.map((name) =>
      defineCommand(name, (words, { origCommand, cwd }) =>
        commands.around(call(name, words), async () => {
          const result = inBusyboxWords((await origCommand?.(words)) ?? ok());
          return name === "rm" ? removed({ words, cwd, files }, result) : result;
        }),
      ),
    ),
    defineCommand(marks.run, async ([name = "", ...args], { exec, cwd, stdin }) => {
      return (await exec?.(name, { cwd, args, stdin: latin1FromBytes(stdin), stdinKind: "bytes" })) ?? ok();
    }),
    defineCommand(marks.runLive, async ([name = "", ...args], { exec, cwd, stdin }) => {
      if (streamingCommands.has(name)) return commands.run({ ...call(name, args), emit });
      return (await exec?.(name, { cwd, args, stdin: latin1FromBytes(stdin), stdinKind: "bytes" })) ?? ok();
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
