/** The host's own commands with all that surrounds them: delay, faults, recorded outputs. */
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { Captures } from "../captures.ts";
import type { CommandResult, HostCommand, Running } from "../commands/command.ts";
import { failed } from "../commands/command.ts";
import { esxcli, localcli } from "../commands/esxcli.ts";
import { hostname, initScript, uname, vmware } from "../commands/host-tools.ts";
import { changingCommands, vimCmd } from "../commands/vim-cmd.ts";
import { faulty } from "../commands/vim-vm.ts";
import { vmkfstools } from "../commands/vmkfstools.ts";
import type { FaultList } from "../faults.ts";
import { invalidArgument, licenceForbids } from "../text/fault.ts";
import { restartHostd } from "../world/hostd.ts";
import type { World } from "../world/world.ts";
import type { FaultPoints, Interruptible } from "./fault-points.ts";
import { createFaultPoints } from "./fault-points.ts";

const table: Readonly<Record<string, HostCommand>> = {
  "vim-cmd": vimCmd,
  esxcli,
  localcli,
  vmware,
  vmkfstools,
  uname,
  hostname,
  __initd: (words, world, running) => initScript(words[0] ?? "")(words.slice(1), world, running),
};

export const hostCommandNames: readonly string[] = Object.keys(table);

/** What share of a vim-cmd's delay a command takes. */
const shares: Readonly<Record<string, number>> = { "vim-cmd": 1, esxcli: 0.5, localcli: 0.25 };

export interface HostCommands {
  /** Never rejects. While a fault hangs it, it ends only with the signal. */
  run(call: CommandCall): Promise<CommandResult>;
  /** The same for a command of the shell, which `act` carries out. */
  around(call: CommandCall, act: () => Promise<CommandResult>): Promise<CommandResult>;
}

export interface CommandCall extends Interruptible {
  readonly name: string;
  readonly words: readonly string[];
  /** Takes up to so many ms of the delay as already passed. */
  readonly credit: (ms: number) => number;
  /** Prints at once; without it, what it prints is kept until its end. */
  readonly emit?: (text: string) => Promise<void>;
}

export interface HostCommandOptions {
  readonly world: World;
  readonly faults: FaultList;
  readonly captures: Captures;
  readonly delayMs: number;
}

export function createHostCommands({ world, faults, captures, delayMs }: HostCommandOptions): HostCommands {
  const run = async (call: CommandCall): Promise<CommandResult> => {
    const { name, signal } = call;
    const delay = delayMs * (shares[name] ?? 0);
    const due = delay - call.credit(delay);
    // A script without delays would hold up everything else in this process until its end.
    await (due > 0 ? sleep(due, undefined, { signal }) : setImmediate());
    return withFaults(call, async (points) => {
      const refused = usesHostd(name) ? hostdFault(call) : undefined;
      return refused ?? recorded(call) ?? (await runProgram(call, points)) ?? failed(127, "");
    });
  };

  const withFaults = async (
    call: CommandCall,
    act: (points: FaultPoints) => Promise<CommandResult>,
  ): Promise<CommandResult> => {
    const event = eventOf(call);
    const fault = faults.take(commandFaults, event);
    const fails = fault ?? faults.take(["fail"], { ...event, unmatchedToo: usesHostd(call.name) });
    const points = createFaultPoints(fails, call);
    const ended = await points.at("before");
    if (ended !== undefined || call.signal.aborted) return ended ?? failed(137, "");
    const result = await act(points);
    return (await points.at("after")) ?? points.finish(result);
  };

  const runProgram = async (call: CommandCall, points: FaultPoints): Promise<CommandResult | undefined> => {
    let printed = "";
    let ended: CommandResult | undefined;
    const running: Running = {
      signal: call.signal,
      emit: async (text) => {
        if (call.emit === undefined) printed += text;
        else await call.emit(text);
      },
      midway: async () => {
        ended = await points.at("middle");
        if (ended !== undefined) throw new Error("Killed");
      },
    };
    const result = await table[call.name]?.(call.words, world, running);
    return ended ?? (result && { ...result, stdout: printed + result.stdout });
  };

  const eventOf = ({ name, words }: CommandCall): { host: string; line: string } => ({
    host: world.name,
    line: [name, ...words].join(" "),
  });

  const hostdFault = (call: CommandCall): CommandResult | undefined => {
    const event = { ...eventOf(call), unmatchedToo: true };
    const [command = ""] = call.words;
    const rule = faults.take(hostdFaults, event);
    if (rule?.kind === "hostd-restart") void restartHostd(world, { emptyMs: 5000, halfMs: 5000 });
    if (rule?.kind === "hostd-down") return loginRefused(event.line);
    if (rule?.kind === "free-licence" && changingCommands.has(command)) return faulty(licenceForbids(), world);
    if (command !== "solo/registervm" || call.words.length > 3) return undefined;
    return faults.take(["needs-pool"], event) && faulty(invalidArgument("pool"), world);
  };

  const recorded = ({ name, words }: CommandCall): CommandResult | undefined => {
    const stdout = captures(name, words);
    return stdout === undefined ? undefined : { stdout, stderr: "", exitCode: 0 };
  };

  return {
    run: (call) => run(call).catch(() => failed(137, "")),
    around: (call, act) => withFaults(call, act).catch(() => failed(137, "")),
  };
}

const commandFaults = ["hang", "slow", "truncate", "drop", "garble", "kill"] as const;
const hostdFaults = ["hostd-down", "hostd-restart", "free-licence"] as const;

function usesHostd(name: string): boolean {
  return name === "vim-cmd" || name === "esxcli";
}

function loginRefused(line: string): CommandResult {
  if (line.startsWith("esxcli")) return failed(1, "Connect to localhost failed: Connection failure\n");
  return failed(1, "Failed to login: Connection refused\n");
}
