/** What can be done with a VM's power, in words, and why it can't be right now. Pure. */
import type { PowerAction } from "../gql/graphql.ts";
import type { Vm } from "../inventory/state.ts";

export interface PowerWords {
  readonly action: PowerAction;
  /** On a button, and at the head of the sentence that asks: `Shut down`. */
  readonly verb: string;
  /** While it is done: `Shutting down`. */
  readonly doing: string;
  /** The guest is not asked: what it did not save is lost. */
  readonly isForced: boolean;
  /** What it means, for the question. */
  readonly meaning: string;
}

/** The graceful ones first; the forced ones are to stand apart from them. */
export const powerActions: readonly PowerWords[] = [
  {
    action: "ON",
    verb: "Power on",
    doing: "Powering on",
    isForced: false,
    meaning: "It starts, or goes on where it was suspended.",
  },
  {
    action: "SHUTDOWN",
    verb: "Shut down",
    doing: "Shutting down",
    isForced: false,
    meaning: "The guest is asked to shut down.",
  },
  { action: "REBOOT", verb: "Reboot", doing: "Rebooting", isForced: false, meaning: "The guest is asked to reboot." },
  {
    action: "SUSPEND",
    verb: "Suspend",
    doing: "Suspending",
    isForced: false,
    meaning: "Its memory is saved on disk and it stops.",
  },
  {
    action: "OFF",
    verb: "Power off",
    doing: "Powering off",
    isForced: true,
    meaning: "As if the plug were pulled: what the guest has not saved is lost.",
  },
  {
    action: "RESET",
    verb: "Reset",
    doing: "Resetting",
    isForced: true,
    meaning: "As by the reset button: what the guest has not saved is lost.",
  },
];

export function powerWords(action: PowerAction): PowerWords {
  const words = powerActions.find((one) => one.action === action);
  if (words === undefined) throw new Error(`no words for ${action}`);
  return words;
}

/** Why this VM can't take the action now, as the end of a sentence; undefined when it can. */
export function whyNot(vm: Vm, action: PowerAction): string | undefined {
  if (vm.question !== null) return "waits for an answer to a question";
  if (vm.powerState === "UNKNOWN") return undefined;
  if (action === "ON") return vm.powerState === "ON" ? "is on already" : undefined;
  if (action === "OFF" && vm.powerState === "SUSPENDED") return undefined;
  if (vm.powerState === "OFF") return "is off";
  if (vm.powerState === "SUSPENDED") return "is suspended";
  if ((action === "SHUTDOWN" || action === "REBOOT") && !toolsRun(vm)) return "does not run VMware Tools";
  return undefined;
}

/** By the status as of now where it is known, else by the summary one. */
function toolsRun({ toolsRunningStatus, toolsStatus }: Vm): boolean {
  if (toolsRunningStatus !== null) return toolsRunningStatus !== "guestToolsNotRunning";
  return toolsStatus !== "toolsNotRunning" && toolsStatus !== "toolsNotInstalled";
}

export interface Division {
  readonly fit: readonly Vm[];
  readonly unfit: readonly { readonly vm: Vm; readonly reason: string }[];
}

/** Which of them can take the action, and why the others can't. */
export function divide(vms: readonly Vm[], action: PowerAction): Division {
  const reasons = vms.map((vm) => ({ vm, reason: whyNot(vm, action) }));
  return {
    fit: reasons.flatMap(({ vm, reason }) => (reason === undefined ? [vm] : [])),
    unfit: reasons.flatMap(({ vm, reason }) => (reason === undefined ? [] : [{ vm, reason }])),
  };
}
