/** What comes next in a creation, by what is written down and what is there. Pure: all that is done stands in carry-out.ts. */
import type { CreationSight, CreationStep, StepExit } from "../../esxi/creation.ts";
import { cancelled, failed } from "../settlement.ts";
import type { Settlement } from "../use-case.ts";
import type { Journal, Reason } from "./journal.ts";
import { type CreationCase, folderOf, reasonOf, subject } from "./words.ts";

export interface Situation {
  readonly creation: CreationCase;
  readonly journal: Journal;
  readonly sight: CreationSight;
  /** How the last step ended, where that was just seen. */
  readonly ended: Ended | null;
  /** The configuration file as it should be. */
  readonly vmx: string;
  /** ms since 1970. */
  readonly nowMs: number;
}

export interface Ended {
  readonly step: CreationStep;
  readonly exit: StepExit;
}

export type Next =
  | { readonly kind: "step"; readonly step: CreationStep }
  /** Take back what was made, or where nothing was made, end. */
  | { readonly kind: "undo"; readonly reason: Reason }
  /** The VM is registered and can be read. */
  | { readonly kind: "made" }
  /** It is kept, though `reason`. */
  | { readonly kind: "keep"; readonly reason: Reason }
  /** The folder is handed over. */
  | { readonly kind: "handed-over" }
  | { readonly kind: "wait"; readonly why: string }
  | { readonly kind: "end"; readonly settlement: Settlement };

/** How long a registration is tried again while hostd does not answer, in ms: its restart takes up to a minute. */
const hostdPatienceMs = 180_000;

export function decide(situation: Situation): Next {
  const { aim } = situation.journal;
  if (aim === "undo") return decideUndoing(situation);
  if (aim === "kept") return situation.sight.folder === "ours" ? step("finish") : { kind: "handed-over" };
  return decideMaking(situation);
}

function decideMaking(situation: Situation): Next {
  const { journal, sight, creation, ended } = situation;
  const failure = failureOf(situation);
  if (sight.folder !== "ours") {
    if (failure !== undefined) return undo(failure);
    if (journal.hadFolder) return undo(reasonOf("claim", { exit: "not-ours", failure: null }, creation));
    if (isPerhapsOurs(situation)) return undo(perhapsOurs(creation));
    if (sight.folder === "foreign") return undo(reasonOf("claim", { exit: "taken", failure: null }, creation));
    if (!sight.hasDatastore) return undo(noDatastore(creation));
    return step("claim");
  }
  if (sight.vmids !== null && sight.vmids.length > 0) return decideRegistered(situation);
  if (failure !== undefined) {
    return ended?.step === "register" ? decideUnregistered(situation, failure) : undo(failure);
  }
  return decideFiles(situation);
}

function decideFiles({ sight, creation, vmx }: Situation): Next {
  const { name } = creation.order.blueprint;
  for (const [file, making] of [
    [`${name}.vmdk`, "disk"],
    [`${name}.vmx`, "configure"],
  ] as const) {
    if (!sight.made.has(file)) return step(making);
    if (!sight.whole.has(file)) return undo(reasonOf(making, cutShort, creation));
  }
  if (sight.vmx !== vmx) return undo(reasonOf("configure", { exit: "refused", failure: otherBytes }, creation));
  if (sight.vmids === null) return { kind: "wait", why: "the host can't tell what is registered" };
  return step("register");
}

const cutShort = {
  exit: "refused",
  failure: {
    code: "HOST_UNREACHABLE",
    message: "nothing: the step was cut short, by a restart of the host or because it was killed there",
  },
} as const;
const otherBytes = { code: "OUTPUT_DAMAGED", message: "nothing; but the file there is not what was written" } as const;

/** It is not registered: refused, or hostd did not answer. */
function decideUnregistered({ journal, sight, nowMs }: Situation, failure: Reason): Next {
  if (sight.vmids === null) return { kind: "wait", why: "the host can't tell what is registered" };
  const since = journal.hostdDownSinceMs ?? nowMs;
  const waits = failure.code === "HOSTD_DOWN" && nowMs - since < hostdPatienceMs;
  return waits ? { kind: "wait", why: failure.message } : undo(failure);
}

function decideRegistered({ sight, creation }: Situation): Next {
  if (sight.read?.outcome === "read") return { kind: "made" };
  const why = sight.read === null ? "it is registered more than once" : sight.read.message;
  return { kind: "wait", why: `${subject(creation)} is registered, but can't be read: ${why}` };
}

function decideUndoing(situation: Situation): Next {
  const { journal, sight, creation, ended } = situation;
  const reason = journal.reason ?? reasonOf("undo", { exit: "not-ours", failure: null }, creation);
  if (sight.folder !== "ours") return end(reason, remainder(situation));
  const exit = ended?.step === "undo" ? ended.exit : null;
  if (exit === "in-use") return { kind: "keep", reason };
  if (exit === "unclear") return { kind: "wait", why: "the host can't tell whether the VM is registered" };
  if (exit !== null && exit !== "done") {
    const said = sight.act.output.trim() || exit;
    return { kind: "wait", why: `what was made in ${folderOf(creation)} can't be removed: ${said}` };
  }
  return step("undo");
}

/** What is left after all was taken back that the mark named. */
function remainder(situation: Situation): string {
  const { journal, sight, creation, ended } = situation;
  if (!journal.hadFolder) return `Nothing ${isPerhapsOurs(situation) ? "else " : ""}was made on the host.`;
  if (sight.folder === "absent") return "What had been made was taken back: nothing is left on the host.";
  if (ended?.exit === "kept-folder" || sight.files.length > 0) {
    const names = sight.files
      .slice(0, 5)
      .map((name) => JSON.stringify(name))
      .join(", ");
    return `What had been made was taken back; others' files are in ${folderOf(creation)}, so they and the folder were left: ${names}.`;
  }
  return `The folder ${folderOf(creation)} is left, without a mark of this task and empty: if nobody else made it, remove it with rmdir.`;
}

function failureOf({ ended, sight, creation }: Situation): Reason | undefined {
  if (ended === null || ended.exit === "done") return undefined;
  return reasonOf(ended.step, { exit: ended.exit, failure: sight.act.failure }, creation);
}

/** A power loss between the making of a folder and its mark leaves one that nobody can tell from another's. */
function isPerhapsOurs({ journal, sight, ended }: Situation): boolean {
  return journal.sent > 0 && ended === null && sight.folder === "foreign" && sight.files.length === 0;
}

function perhapsOurs(creation: CreationCase): Reason {
  const folder = folderOf(creation);
  const message = `${subject(creation)} was not created: the host was restarted while its folder was being made. The folder ${folder} is there, empty and without a mark: if nobody else made it, remove it with rmdir.`;
  return { state: "FAILED", code: "HOST_UNREACHABLE", message };
}

function noDatastore(creation: CreationCase): Reason {
  const { mountPoint } = creation.order;
  const message = `${subject(creation)} was not created: datastore ${creation.datastore} is not mounted at ${mountPoint} any more. Refresh the node and look at its datastores.`;
  return { state: "FAILED", code: "NOT_FOUND", message };
}

function step(name: CreationStep): Next {
  return { kind: "step", step: name };
}

function undo(reason: Reason): Next {
  return { kind: "undo", reason };
}

function end({ state, code, message }: Reason, left: string): Next {
  const text = `${message} ${left}`;
  return { kind: "end", settlement: state === "CANCELLED" ? cancelled(text) : failed(code, text) };
}
