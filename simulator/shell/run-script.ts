/**
 * Runs a script as a host's `sh` would, on just-bash. What just-bash can't do is made up for in live-script.ts (streaming,
 * background jobs) and overrides.ts (single commands). What remains different from ash: `$!` is 0, `trap` is accepted and
 * never fires, `printf` with octal escapes above 0177 gives other bytes, bashisms are accepted.
 */
import type { ScriptNode } from "just-bash";
import { Bash, parse } from "just-bash";
import type { World } from "../world/world.ts";
import { canonicalPath } from "../world/world.ts";
import type { ShellContext } from "./bash-commands.ts";
import { bashCommands } from "./bash-commands.ts";
import type { HostCommands } from "./host-commands.ts";
import { channelErr, channelOut, liveScript } from "./live-script.ts";
import { createPipeClock } from "./pipe-clock.ts";
import type { Sink } from "./sink.ts";
import { withChannel } from "./sink.ts";

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
    return await runTree(main, { ...run, jobs });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    run.sink.write("stderr", Buffer.from(`sh: ${reason}\n`));
    return { exitCode: 2, env: run.context.env };
  }
}

interface TreeRun extends ShellRun {
  readonly jobs: readonly ScriptNode[];
}

/** Loops over hundreds of VMs and jobs that wait for an answer are ordinary here. */
const limits = {
  maxCommandCount: 5_000_000,
  maxLoopIterations: 1_000_000,
  maxExecutionTimeMs: 24 * 3_600_000,
  maxWorkUnits: 1e9,
};

async function runTree(tree: ScriptNode, run: TreeRun): Promise<ShellResult> {
  const nobodyListens = new AbortController();
  const started: Promise<unknown>[] = [];
  const write = (stream: "stdout" | "stderr", bytes: Buffer): void => {
    if (bytes.length === 0) return;
    if (!run.sink.write(stream, stream === "stderr" ? inAshWords(bytes) : bytes)) nobodyListens.abort();
  };
  const bash = new Bash({
    fs: withChannel(run.world.files, {
      out: channelOut,
      err: channelErr,
      write,
      resolve: (path) => canonicalPath(run.world, path),
    }),
    cwd: run.context.cwd,
    defenseInDepth: false,
    executionLimits: limits,
    customCommands: bashCommands({
      world: run.world,
      commands: run.commands,
      clock: createPipeClock(),
      signal: nobodyListens.signal,
      drop: run.sink.drop,
      startJob: (index, context) => {
        const job = run.jobs[index];
        if (job !== undefined) started.push(runTree(job, { ...run, context, stdin: "" }).catch(() => undefined));
      },
      waitForJobs: () => Promise.all(started),
    }),
  });
  runInstead(bash, tree);
  const { env, cwd } = run.context;
  const result = await bash.exec(":", { env, cwd, stdin: run.stdin, signal: nobodyListens.signal, rawScript: true });
  write("stdout", Buffer.from(result.stdout));
  write("stderr", Buffer.from(result.stderr));
  return { exitCode: result.exitCode, env: result.env };
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

/** `bash: x: command not found` is `sh: x: not found` on a host. */
function inAshWords(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  const ash = text.replaceAll(/^bash: (.*): command not found$/gm, "sh: $1: not found").replaceAll(/^bash: /gm, "sh: ");
  return Buffer.from(ash, "latin1");
}
