/** The words of creations, as they stand in steps, results and error messages. */
import type { ErrorCode } from "../../errors.ts";
import type { CreationOrder, CreationStep, StepExit } from "../../esxi/creation.ts";
import type { NodeName } from "../../model.ts";
import { adviceFor, hostWords } from "../judge.ts";
import { subjectOf } from "../power-words.ts";
import type { Reason } from "./journal.ts";

export interface CreationCase {
  readonly node: NodeName;
  readonly order: CreationOrder;
  /** The datastore's name. */
  readonly datastore: string;
}

export const stepNames: Readonly<Record<CreationStep | "compare" | "power", string>> = {
  claim: "Claim the folder",
  disk: "Create the disk",
  configure: "Write the configuration",
  register: "Register the VM",
  compare: "Compare with what was asked for",
  finish: "Hand the folder over",
  power: "Switch it on",
  undo: "Take back what was made",
};

/** How far a task is when it begins a step, in percent. */
export const progressAt: Readonly<Record<keyof typeof stepNames, number>> = {
  claim: 2,
  disk: 5,
  configure: 70,
  register: 75,
  compare: 85,
  finish: 88,
  power: 90,
  undo: 95,
};

export function subject({ node, order }: CreationCase): string {
  return subjectOf({ vmName: order.blueprint.name, node });
}

export function folderOf({ order }: CreationCase): string {
  return `${order.mountPoint}/${order.blueprint.name}`;
}

export interface HostSaid {
  readonly exit: StepExit;
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
}

/** Why a step did not come to its end, with the host's own words. */
export function reasonOf(step: CreationStep, { exit, failure }: HostSaid, creation: CreationCase): Reason {
  const not = `${subject(creation)} was not created`;
  const said = failure === null ? "" : ` The host said: ${hostWords(failure.message)}`;
  const folder = folderOf(creation);
  if (exit === "taken") {
    return conflict(`${not}: there is a folder ${folder} already. Choose another name, or look what is in it.`);
  }
  if (exit === "file-there") return conflict(`${not}: somebody put a file of the same name into its folder meanwhile.`);
  if (exit === "not-ours") return conflict(`${not}: the folder ${folder} was taken away or replaced meanwhile.`);
  const code = failure?.code ?? "HOST_REFUSED";
  if (exit === "full" && (code === "OUT_OF_SPACE" || code === "HOST_REFUSED")) {
    return {
      state: "FAILED",
      code: "OUT_OF_SPACE",
      message: `${not}: datastore ${creation.datastore} took no more.${said} ${adviceFor("OUT_OF_SPACE")}`,
    };
  }
  const message = `${not}: the step "${stepNames[step]}" failed.${said} ${adviceIn(step, code)}`;
  return { state: "FAILED", code, message };
}

function adviceIn(step: CreationStep, code: ErrorCode): string {
  if (code === "OUT_OF_SPACE" || code === "LICENSE_RESTRICTED" || code === "HOSTD_DOWN" || code === "HOST_BUSY")
    return adviceFor(code);
  if (step === "register") return "Change what it names, such as guestId or firmware, and ask again.";
  return adviceFor("HOST_REFUSED");
}

function conflict(message: string): Reason {
  return { state: "FAILED", code: "CONFLICT", message };
}

/** Where somebody has to look while the host can't be asked. */
export function whatToLookFor(creation: CreationCase): string {
  const { name } = creation.order.blueprint;
  return (
    `Look on the host whether vim-cmd vmsvc/getallvms lists ${JSON.stringify(name)}, and whether the folder ${folderOf(creation)} is there; ` +
    "a file .ecoman-job in it means that the creation is not finished. Leave it: this task completes or takes back what it made as soon as the host answers."
  );
}
