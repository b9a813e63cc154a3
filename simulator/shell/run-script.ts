/**
 * Runs a script as a host's `sh` would, on just-bash. What just-bash can't do is made up for in live-script.ts (streaming,
 * background jobs), redirects.ts (files that can't be written) and overrides.ts (single commands). What remains different from ash:
 * `trap` is accepted and never fires, `printf` with octal escapes above 0177 gives other bytes, bashisms are accepted; under
 * `set -e` a subshell before `||` ends at its first failure; after `exec >FILE` nothing is seen of the file until the end; a file
 * named by `>"$(command)"` ends the script when it can't be written.
 */
import type { ScriptNode } from "just-bash";
import { Bash, parse } from "just-bash";
import type { World } from "../world/world.ts";
import { bashCommands } from "./bash-commands.ts";
import type { HostCommands } from "./host-commands.ts";
import { liveScript, pidNames } from "./live-script.ts";
import type { Targets } from "./outputs.ts";
import { channelTargets, createOutputs } from "./outputs.ts";
import { createPipeClock } from "./pipe-clock.ts";
import type { ShellContext } from "./process-commands.ts";
import { createRunFiles, createWatchedFiles, inAshWords } from "./run-files.ts";
import type { Sink } from "./sink.ts";

export interface ShellRun {
  readonly world: World;
  readonly commands: HostCommands;
  readonly sink: Sink;
  readonly stdin: string;
  readonly context: ShellContext;
}

export interface ShellResult {
  readonly exitCode: number;
  readonly env: Readonly<Record<string, string>>;
}

export const freshContext: ShellContext = {
  env: { PATH: "/bin:/sbin", HOME: "/", SHELL: "/bin/sh", USER: "root" },
  cwd: "/",
};

/** Never rejects: a script that can't be parsed ends with 2, as with a real shell. */
export async function runScript(text: string, run: ShellRun): Promise<ShellResult> {
  try {
    const { main, jobs } = liveScript(parse(text));
    return await runTree(main, { ...run, jobs, targets: channelTargets }).ended;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    run.sink.write("stderr", Buffer.from(`sh: ${reason}\n`));
    return { exitCode: 2, env: run.context.env };
  }
}

interface TreeRun extends ShellRun {
  readonly jobs: readonly ScriptNode[];
  /** Where its output goes at first. */
  readonly targets: Targets;
}

interface StartedTree {
  readonly pid: number;
  readonly ended: Promise<ShellResult>;
}

/** Loops over hundreds of VMs and jobs that wait for an answer are ordinary here. */
const limits = {
  maxCommandCount: 5_000_000,
  maxLoopIterations: 1_000_000,
  maxExecutionTimeMs: 24 * 3_600_000,
  maxWorkUnits: 1e9,
};

function runTree(tree: ScriptNode, run: TreeRun): StartedTree {
  const { world, sink } = run;
  const process = world.processes.start();
  const { signal } = process.control;
  const watched = createWatchedFiles(world);
  const outputs = createOutputs({
    first: run.targets,
    toChannel: (stream, bytes) => {
      if (!sink.write(stream, bytes)) process.control.abort();
    },
    toFile: async (path, bytes) => {
      if (!signal.aborted)
        await world.hostFiles.appendFile(path, bytes).catch((error: unknown) => watched.swallow(path, error));
    },
  });
  const started = new Map<number, Promise<number>>();
  const jobs = {
    start: (index: number, context: ShellContext): number => {
      const job = runTree(run.jobs[index] ?? tree, { ...run, context, stdin: "", targets: outputs.now() });
      started.set(
        job.pid,
        job.ended.then(
          ({ exitCode }) => exitCode,
          () => 137,
        ),
      );
      return job.pid;
    },
    wait: async (pid?: number): Promise<number> => {
      if (pid !== undefined) return started.get(pid) ?? 127;
      await Promise.all(started.values());
      return 0;
    },
  };
  const bash = new Bash({
    fs: createRunFiles({ files: world.hostFiles, outputs, swallow: watched.swallow, signal }),
    cwd: run.context.cwd,
    defenseInDepth: false,
    executionLimits: limits,
    customCommands: bashCommands({
      world,
      commands: run.commands,
      clock: createPipeClock(),
      signal,
      sink,
      jobs,
      outputs,
      watched,
    }),
  });
  runInstead(bash, tree);
  const { cwd } = run.context;
  const env = { [pidNames.shell]: String(process.pid), ...run.context.env };
  const end = async (): Promise<ShellResult> => {
    try {
      const result = await bash.exec(":", { env, cwd, stdin: run.stdin, signal, rawScript: true });
      await outputs.write("stdout", Buffer.from(result.stdout));
      await outputs.write("stderr", inAshWords("stderr", Buffer.from(result.stderr)));
      return { exitCode: result.exitCode, env: result.env };
    } finally {
      process.end();
    }
  };
  return { pid: process.pid, ended: end() };
}

/** The next exec runs the tree, whatever text it is given: a tree needs no way back into text. */
function runInstead(bash: Bash, tree: ScriptNode): void {
  let given = false;
  bash.registerTransformPlugin({
    name: "given-tree",
    transform: ({ ast }) => {
      if (given) return { ast };
      given = true;
      return { ast: tree };
    },
  });
}
