/** The words of power work, as they stand in results and error messages. */
import type { NodeName, PowerAction, PowerState } from "../model.ts";
import type { Wording } from "./judge.ts";

export interface PowerCase {
  readonly action: PowerAction;
  readonly vmName: string;
  readonly node: NodeName;
}

const deeds: Readonly<Record<PowerAction, string>> = {
  ON: "power on",
  OFF: "power off",
  SHUTDOWN: "shut down the guest of",
  REBOOT: "reboot the guest of",
  RESET: "reset",
  SUSPEND: "suspend",
};

const done: Readonly<Record<PowerAction, string>> = {
  ON: "is powered on",
  OFF: "is powered off",
  SHUTDOWN: "has shut down and is powered off",
  REBOOT: "has rebooted",
  RESET: "was reset",
  SUSPEND: "is suspended",
};

const lookFors: Readonly<Record<PowerAction, string>> = {
  ON: "the VM is powered on",
  OFF: "the VM is powered off",
  SHUTDOWN: "the VM is powered off",
  REBOOT: "the VM's uptime began anew",
  RESET: "the VM's uptime began anew",
  SUSPEND: "the VM is suspended",
};

export function wordingOf(power: PowerCase): Wording {
  return { deed: `${deeds[power.action]} ${subjectOf(power)}`, lookFor: lookFors[power.action] };
}

export function subjectOf({ vmName, node }: Pick<PowerCase, "vmName" | "node">): string {
  return `VM "${vmName}" on node ${node}`;
}

export function questionMessage(power: PowerCase, question: string): string {
  const goesOn = power.action === "ON" ? "the power-on then goes on by itself" : "then look at the VM again";
  return `${subjectOf(power)} waits for an answer to ${question}. Answer it with answerQuestion; ${goesOn}.`;
}

export function deedDone(power: PowerCase): string {
  return `${subjectOf(power)} ${done[power.action]}.`;
}

export function alreadyDone(power: PowerCase): string {
  const state = power.action === "SUSPEND" ? "suspended" : `powered ${power.action === "ON" ? "on" : "off"}`;
  return `${subjectOf(power)} is already ${state}; nothing was done.`;
}

export function ignoredShutdown(power: PowerCase): string {
  const seen = `The guest of ${subjectOf(power)} did not shut down in time; it still runs; nothing was forced.`;
  return `${seen} Look at its console, or ask for OFF to cut its power.`;
}

export function requestedOnly(power: PowerCase, state: PowerState): string {
  const deed = power.action === "REBOOT" ? "The reboot of the guest of" : "The reset of";
  const seen = `${deed} ${subjectOf(power)} was requested and the host accepted it; whether it took place could not be seen.`;
  return `${seen} The VM is ${state}. Look at its uptime or console before asking again.`;
}
