/** The command line of the simulator. */
import { parseArgs } from "node:util";
import type { EsxiVersion, FaultKind, FaultRule, SimulatorOptions } from "./words.ts";
import { esxiVersions, faultKinds, faultMoments } from "./words.ts";

export const helpText = `Usage: npm run simulator -- [options]

False ESXi hosts behind real SSH servers on 127.0.0.1. Nothing real is touched.

  --hosts N            how many hosts (3)
  --vms N              VMs on each host (10)
  --seed N             the same seed gives the same fleet and the same life in it (1)
  --version V          ${esxiVersions.join(", ")} (8.0.1)
  --delay MS           what each vim-cmd costs (300)
  --disk MS            how long vmkfstools takes to make a disk (1500)
  --base-port PORT     port of the first host, the others follow (any free ones)
  --data-dir DIR       where the client's key pair is kept (a temporary folder)
  --lively             usage moves, VMs change, the last host goes away and comes back
  --max-sessions N     channels at a time on one connection (10; hardened hosts have 1)
  --fault RULE         may be given several times; see below
  --captures DIR       recorded outputs in place of made ones: vmsvc_getallvms.txt and so on
  --hosts-yml FILE     write a ready hosts.yml for ECoMan there
  --action-log FILE    write every command that really changed a VM there, a JSON object a line
  --help

A fault rule is a kind and what narrows it: KIND[,match=TEXT][,host=NAME][,probability=0..1][,skip=N][,count=N][,afterBytes=N][,text=TEXT]
  [,exitCode=N][,ms=N][,at=before|middle|after]
  ${faultKinds.join(", ")}
  "match" is a part of one command's line on the host; without it faults of output hit whole channels.
  "at" is the moment of that command at which hang, slow, drop, fail and kill hit.
  Examples: --fault hang,match=get.summary,count=3   --fault half-open,host=esx02   --fault truncate,probability=0.1
`;

export interface CliOptions {
  readonly help: boolean;
  readonly simulator: SimulatorOptions;
  readonly hostsYmlFile: string | undefined;
}

/** Throws an Error whose message says which option is wrong and what it may be. */
export function readCliOptions(words: readonly string[]): CliOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      help: { type: "boolean", short: "h" },
      lively: { type: "boolean" },
      fault: { type: "string", multiple: true },
      hosts: text,
      vms: text,
      seed: text,
      version: text,
      delay: text,
      disk: text,
      "base-port": text,
      "data-dir": text,
      "max-sessions": text,
      captures: text,
      "hosts-yml": text,
      "action-log": text,
    },
  });
  return {
    help: values.help ?? false,
    hostsYmlFile: values["hosts-yml"],
    simulator: {
      hosts: wholeNumber("--hosts", values.hosts),
      vmsPerHost: wholeNumber("--vms", values.vms),
      seed: wholeNumber("--seed", values.seed),
      version: oneOf("--version", values.version, esxiVersions) as EsxiVersion | undefined,
      delayMs: wholeNumber("--delay", values.delay),
      diskMs: wholeNumber("--disk", values.disk),
      basePort: wholeNumber("--base-port", values["base-port"]),
      maxSessions: wholeNumber("--max-sessions", values["max-sessions"]),
      dataDir: values["data-dir"],
      capturesDir: values.captures,
      actionLogFile: values["action-log"],
      lively: values.lively,
      faults: (values.fault ?? []).map(readFaultRule),
    },
  };
}

function wholeNumber(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,9}$/.test(given)) throw new Error(`${option} must be a whole number, not ${given}`);
  return Number(given);
}

function oneOf(option: string, given: string | undefined, allowed: readonly string[]): string | undefined {
  if (given !== undefined && !allowed.includes(given)) {
    throw new Error(`${option} must be one of ${allowed.join(", ")}, not ${given}`);
  }
  return given;
}

const ruleKeys = [
  "match",
  "host",
  "probability",
  "skip",
  "count",
  "afterBytes",
  "text",
  "exitCode",
  "ms",
  "at",
] as const;
const texts: readonly string[] = ["match", "host", "text", "at"];

/** `KIND,key=value,…`. */
export function readFaultRule(given: string): FaultRule {
  const [kind = "", ...parts] = given.split(",");
  const pairs = parts.map((part): [string, string | number] => {
    const [key = "", value = ""] = part.split(/=(.*)/s);
    oneOf(`--fault ${kind}: what stands before =`, key, ruleKeys);
    if (key === "at") oneOf(`--fault ${kind}: at`, value, faultMoments);
    return [key, texts.includes(key) ? value : amount(key, value)];
  });
  return { kind: oneOf("--fault", kind, faultKinds) as FaultKind, ...Object.fromEntries(pairs) };
}

function amount(key: string, value: string): number {
  const number = Number(value);
  if (value === "" || !(number >= 0)) throw new Error(`--fault ${key} must be a number, not ${value}`);
  return number;
}
