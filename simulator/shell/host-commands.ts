/** The host's own commands with all that surrounds them: delay, faults, recorded outputs. */
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { Captures } from "../captures.ts";
import type { CommandResult, HostCommand } from "../commands/command.ts";
import { failed } from "../commands/command.ts";
import { esxcli, localcli } from "../commands/esxcli.ts";
import { hostname, initScript, uname, vmkfstools, vmware } from "../commands/host-tools.ts";
import { changingCommands, vimCmd } from "../commands/vim-cmd.ts";
import { faulty } from "../commands/vim-vm.ts";
import { damage } from "../damage.ts";
import type { FaultList } from "../faults.ts";
import { licenceForbids } from "../text/fault.ts";
import { restartHostd } from "../world/hostd.ts";
import type { World } from "../world/world.ts";

const table: Readonly<Record<string, HostCommand>> = {
  "vim-cmd": vimCmd,
  esxcli,
  localcli,
  vmware,
  vmkfstools,
  uname,
  hostname,
  __initd: (words, world) => initScript(words[0] ?? "")(words.slice(1), world),
};

export const hostCommandNames: readonly string[] = Object.keys(table);

/** What share of a vim-cmd's delay a command takes. */
const shares: Readonly<Record<string, number>> = { "vim-cmd": 1, esxcli: 0.5, localcli: 0.25 };
const slowMs = 10_000;

export interface HostCommands {
  /** Never rejects. While a fault hangs it, it ends only with the signal. */
  run(call: CommandCall): Promise<CommandResult>;
}

export interface CommandCall {
  readonly name: string;
  readonly words: readonly string[];
  readonly signal: AbortSignal;
  /** Takes up to so many ms of the delay as already passed. */
  readonly credit: (ms: number) => number;
  /** Cuts the connection. */
  readonly drop: () => void;
}

export interface HostCommandOptions {
  readonly world: World;
  readonly faults: FaultList;
  readonly captures: Captures;
  readonly delayMs: number;
}

export function createHostCommands({ world, faults, captures, delayMs }: HostCommandOptions): HostCommands {
  const run = async (call: CommandCall): Promise<CommandResult> => {
    const { name, words, signal } = call;
    const event = { host: world.name, line: [name, ...words].join(" ") };
    const fault = faults.take(["hang", "slow", "truncate", "drop", "garble"], event);
    const delay = delayMs * (shares[name] ?? 0) + (fault?.kind === "slow" ? slowMs : 0);
    const due = delay - call.credit(delay);
    // A script without delays would hold up everything else in this process until its end.
    await (due > 0 ? sleep(due, undefined, { signal }) : setImmediate());
    if (fault?.kind === "hang") await new Promise((resolve) => signal.addEventListener("abort", resolve));
    const refused = usesHostd(name) ? hostdFault(call, event) : undefined;
    const result = refused ?? recorded(call) ?? (await table[name]?.(words, world)) ?? failed(127, "");
    return fault === undefined ? result : damage(result, fault, call.drop);
  };

  const hostdFault = ({ words }: CommandCall, event: { host: string; line: string }): CommandResult | undefined => {
    const rule = faults.take(["hostd-down", "hostd-restart", "free-licence", "fail"], { ...event, unmatchedToo: true });
    if (rule?.kind === "hostd-restart") void restartHostd(world, { emptyMs: 5000, halfMs: 5000 });
    if (rule?.kind === "hostd-down") return loginRefused(event.line);
    if (rule?.kind === "fail") return failed(1, rule.text ?? "Killed\n");
    if (rule?.kind === "free-licence" && changingCommands.has(words[0] ?? "")) return faulty(licenceForbids(), world);
    return undefined;
  };

  const recorded = ({ name, words }: CommandCall): CommandResult | undefined => {
    const stdout = captures(name, words);
    return stdout === undefined ? undefined : { stdout, stderr: "", exitCode: 0 };
  };

  return { run: (call) => run(call).catch(() => failed(137, "")) };
}

function usesHostd(name: string): boolean {
  return name === "vim-cmd" || name === "esxcli";
}

function loginRefused(line: string): CommandResult {
  if (line.startsWith("esxcli")) return failed(1, "Connect to localhost failed: Connection failure\n");
  return failed(1, "Failed to login: Connection refused\n");
}
