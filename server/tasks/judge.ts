/** Verdicts that do not depend on what was asked of the VM. Pure. */
import type { ErrorCode } from "../errors.ts";
import type { VmQuestion } from "../model.ts";
import { failed, unknown } from "./settlement.ts";
import type { Settlement } from "./use-case.ts";
import type { WatchHistory } from "./watch-history.ts";

/** What is being done, in the words of a message. */
export interface Wording {
  /** `power on VM "web" on node esx1`. */
  readonly deed: string;
  /** What would show that it was done, as in "look whether …". */
  readonly lookFor: string;
}

/** Looks at an ended command before the host's failure text is believed: the state may come a little later. */
const looksAfterFailure = 3;
/** The same when the command ended without a word of failure. */
export const looksAfterSuccess = 6;
/** How long the VM may be unreadable on a host that answers, in ms: a restart of hostd takes up to a minute. */
const unreadableMs = 90_000;

export function judgeUnreadable(history: WatchHistory, wording: Wording): Settlement | undefined {
  const { report, unreadableSinceMs } = history;
  if (report === null || unreadableSinceMs === null) return undefined;
  if (Date.parse(report.at) - unreadableSinceMs < unreadableMs) return undefined;
  return notObserved(
    wording,
    `the VM can't be read any more or is another one now: ${report.summaryError ?? "no reason was given"}`,
  );
}

/** Nothing that is seen of the VM tells whether the command reached it. */
export function judgeStray({ report }: WatchHistory, { deed }: Wording): Settlement | undefined {
  if (report === null || report.strayed === null) return undefined;
  const { vmidIsNow } = report.strayed;
  const seen = `This host takes a VM's number only, and while it was told to ${deed}, that number was taken from the VM`;
  const heir = vmidIsNow === null ? "" : ` and is now that of ${vmidIsNow}`;
  return unknown(
    `${seen}${heir}. The command may have been carried out on another VM instead. Look at the VMs of this host before you ask for anything.`,
  );
}

/** The host's own refusal, once its command has ended and the wanted state has not come. */
export function judgeRefusal(history: WatchHistory, wording: Wording): Settlement | undefined {
  if (history.endedLooks < looksAfterFailure || !saysNo(history)) return undefined;
  const code = codeOf(history);
  return failed(code, `The host did not ${wording.deed}. It said: ${wordsOf(history)} ${adviceFor(code)}`);
}

/** A VM that was there when it was checked and is not found by the command got another number in between. */
function codeOf({ report }: WatchHistory): ErrorCode {
  const code = report?.failure?.code ?? "HOST_REFUSED";
  return code === "NOT_FOUND" ? "CONFLICT" : code;
}

/** The host's words tell of a failure; the VM's state may still show otherwise. */
export function saysNo({ report }: WatchHistory): boolean {
  if (report === null) return false;
  const hasExitedBadly = report.exitCode !== null && report.exitCode !== 0;
  return hasExitedBadly || report.failure !== null || report.hostTask?.state === "error";
}

/** The command has ended and told of no failure for so many looks, and yet the wanted state has not come. */
export function hasEndedInSilence(history: WatchHistory, looks: number): boolean {
  return history.endedLooks >= looks && !isHostTaskUnderWay(history);
}

export function isHostTaskUnderWay({ report }: WatchHistory): boolean {
  return report?.hostTask?.state === "queued" || report?.hostTask?.state === "running";
}

export function notObserved(wording: Wording, why: string): Settlement {
  return unknown(
    `The command to ${wording.deed} was sent, but its outcome was not observed: ${why}. Look whether ${wording.lookFor} before asking again.`,
  );
}

/** What hindered the view at the deadline; undefined when the VM was in view. */
export function whatHidTheVm({ lookError, report }: WatchHistory): string | undefined {
  if (lookError !== null) return `the host could not be asked: ${unpunctuated(lookError)}`;
  if (report === null) return "the host could not be asked in time";
  if (report.summary === null)
    return `the VM could not be read: ${unpunctuated(report.summaryError ?? "no reason was given")}`;
  return undefined;
}

/** The host's words for what went wrong. */
function wordsOf({ report }: WatchHistory): string {
  const words = report?.failure?.message ?? report?.hostTask?.message ?? report?.output ?? "";
  return words.trim() === "" ? `nothing (exit code ${report?.exitCode ?? "unknown"}).` : hostWords(words);
}

/** Long enough for any fault the hosts are known to print; the rest is in the task's hostOutput. */
const wordsLimit = 500;

export function hostWords(output: string): string {
  const words = unpunctuated(output);
  if (words === "") return "nothing.";
  return words.length <= wordsLimit ? `${words}.` : `${words.slice(0, wordsLimit)} …`;
}

export function questionText(question: VmQuestion): string {
  const choices = question.choices.map(
    ({ key, label, isDefault }) => `${key}: ${label}${isDefault ? " (default)" : ""}`,
  );
  return `question ${question.id}, “${unpunctuated(question.text)}”, with the choices ${choices.join("; ")}`;
}

export function adviceFor(code: ErrorCode): string {
  return advice[code] ?? "The task's hostOutput has all that it printed; set right what it names, then ask again.";
}

const advice: Partial<Readonly<Record<ErrorCode, string>>> = {
  CONFLICT: "It was re-registered or removed at that very moment; refresh the node, then ask again.",
  LICENSE_RESTRICTED: "The host's licence does not allow it; give the host a licence that does.",
  OUT_OF_SPACE: "Free space on the VM's datastore, then ask again.",
  TOOLS_NOT_RUNNING: "Install or start VMware Tools in the guest, or ask for OFF or RESET, which do not need them.",
  HOSTD_DOWN: "The host's management agent does not answer; ask again when the node is ONLINE.",
  HOST_BUSY: "Another task holds the VM on the host; ask again when it has ended.",
};

export function unpunctuated(text: string): string {
  return text.trim().replace(/[.\s]+$/u, "");
}
