/** What the power commands print, and what a host's refusal means for us. */
import type { ErrorCode } from "../../errors.ts";
import type { PowerState } from "../../model.ts";
import { findFault, type HostFault } from "./fault.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import { excerpt, type Parsed } from "./parsed.ts";

export type CommandVerdict =
  /** Nothing was printed but the words of success. A blank text is success too (power.shutdown and power.reboot). */
  | { readonly ok: true }
  | { readonly fault: HostFault }
  /** Anything else, such as the bare `Power on failed` of 6.0 and 6.5, which may come although the VM is on. */
  | { readonly failed: string };

const successLines: ReadonlySet<string> = new Set([
  "Powering on VM:",
  "Powering off VM:",
  "Suspending VM:",
  "Reset VM:",
  "Retrieved runtime info",
]);

/** Judges what a power command printed, stdout and stderr together. The VM's state has the last word, not this. */
export function parsePowerText(text: string): CommandVerdict {
  const fault = findFault(text);
  if (fault !== undefined) return { fault };
  const others = wordsBeside(text);
  return others === "" ? { ok: true } : { failed: hostdTrouble(text) ?? excerpt(others) };
}

/** `vmsvc/power.getstate`. The state is the line after the heading; a VM can't write into this output. */
export function parsePowerState(text: string): Parsed<PowerState> {
  const state = /^Retrieved runtime info\s*\nPowered (on|off)\s*$|^Retrieved runtime info\s*\n(Suspended)\s*$/i.exec(
    text.slice(0, 200).trim(),
  );
  if (state === null) return { failed: findFault(text)?.message ?? hostdTrouble(text) ?? excerpt(text) };
  if (state[2] !== undefined) return { ok: "SUSPENDED" };
  return { ok: state[1]?.toLowerCase() === "on" ? "ON" : "OFF" };
}

export interface HostFailure {
  readonly code: ErrorCode;
  /** The host's own words, in one line. */
  readonly message: string;
}

/** The failure that a power command's text tells of; `undefined` for the words of success, or none. */
export function failureIn(text: string): HostFailure | undefined {
  return "ok" in parsePowerText(text) ? undefined : classifyHostText(text);
}

/** What a host printed in place of what it should have. */
export function classifyHostText(text: string): HostFailure {
  const fault = findFault(text);
  const trouble = fault === undefined ? hostdTrouble(text) : undefined;
  if (trouble !== undefined) return { code: "HOSTD_DOWN", message: trouble };
  const message = fault?.message ?? excerpt(wordsBeside(text) || text, 1_000);
  const code = (fault && codeOfFault.get(fault.type)) ?? codeOfWords(text) ?? "HOST_REFUSED";
  return { code, message: message === "" ? "The host said nothing." : message };
}

const codeOfFault: ReadonlyMap<string, ErrorCode> = new Map([
  ["vim.fault.NotFound", "NOT_FOUND"],
  ["vmodl.fault.ManagedObjectNotFound", "NOT_FOUND"],
  ["vim.fault.AlreadyExists", "CONFLICT"],
  ["vim.fault.DuplicateName", "CONFLICT"],
  ["vim.fault.FileAlreadyExists", "CONFLICT"],
  ["vim.fault.InvalidPowerState", "CONFLICT"],
  ["vim.fault.InvalidState", "CONFLICT"],
  ["vim.fault.ToolsUnavailable", "TOOLS_NOT_RUNNING"],
  ["vim.fault.QuestionPending", "QUESTION_PENDING"],
  ["vim.fault.TaskInProgress", "HOST_BUSY"],
  ["vim.fault.NoDiskSpace", "OUT_OF_SPACE"],
  ["vim.fault.RestrictedVersion", "LICENSE_RESTRICTED"],
  ["vim.fault.NotEnoughLicenses", "LICENSE_RESTRICTED"],
  ["vim.fault.LicenseExpired", "LICENSE_RESTRICTED"],
  ["vim.fault.HostNotReachable", "HOSTD_DOWN"],
  ["vim.fault.HostNotConnected", "HOSTD_DOWN"],
]);

/** Words that say it where the fault's type does not, or where there is none. The licence's are those of public reports. */
const wordings: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /current license or ESXi version prohibits|license does not|licence|not licensed|license expired/i,
    "LICENSE_RESTRICTED",
  ],
  [/VMware Tools (?:is|are) not running|Tools (?:is|are) not available/i, "TOOLS_NOT_RUNNING"],
  [/no space left|insufficient disk space|out of (?:disk )?space|not enough (?:disk )?space/i, "OUT_OF_SPACE"],
  [/another task is (?:already )?in progress/i, "HOST_BUSY"],
  [/unable to find a VM corresponding to/i, "NOT_FOUND"],
  [/already exists|file exists/i, "CONFLICT"],
  [/failed to lock the file|resource busy/i, "HOST_BUSY"],
];

function codeOfWords(text: string): ErrorCode | undefined {
  const head = text.slice(0, 20_000);
  return wordings.find(([words]) => words.test(head))?.[1];
}

function wordsBeside(text: string): string {
  return text
    .split("\n")
    .filter((line) => !successLines.has(line.trim()))
    .join("\n")
    .trim();
}
