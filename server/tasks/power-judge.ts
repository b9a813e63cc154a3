/** When power work is done, by what is observed on the host: states count, texts only explain. Pure. */
import type { PowerAction, PowerState } from "../model.ts";
import {
  hasEndedInSilence,
  isHostTaskUnderWay,
  judgeRefusal,
  judgeStray,
  judgeUnreadable,
  looksAfterSuccess,
  notObserved,
  questionText,
  whatHidTheVm,
} from "./judge.ts";
import { deedDone, ignoredShutdown, type PowerCase, questionMessage, requestedOnly, wordingOf } from "./power-words.ts";
import { failed, succeeded, unknown } from "./settlement.ts";
import type { Settlement } from "./use-case.ts";
import type { Before, WatchHistory } from "./watch-history.ts";

/** Undefined: go on watching. */
export function judgePower(power: PowerCase, history: WatchHistory): Settlement | undefined {
  const wording = wordingOf(power);
  const stray = judgeStray(history, wording);
  if (stray !== undefined) return stray;
  if (isReached(power.action, history)) return succeeded(deedDone(power));
  if (history.report?.summary === null) return judgeUnreadable(history, wording);
  const question = history.summary?.question ?? null;
  if (question !== null) return failed("QUESTION_PENDING", questionMessage(power, questionText(question)));
  return judgeEnded(power, history);
}

/** The last word, when the deadline has passed without a verdict. */
export function judgePowerAtDeadline(power: PowerCase, history: WatchHistory): Settlement {
  const wording = wordingOf(power);
  const hidden = whatHidTheVm(history);
  if (hidden !== undefined) return notObserved(wording, hidden);
  const state = history.summary?.powerState ?? "UNKNOWN";
  if (power.action === "SHUTDOWN" && state === "ON") return failed("GUEST_DID_NOT_RESPOND", ignoredShutdown(power));
  if (power.action === "REBOOT" || power.action === "RESET") return unknown(requestedOnly(power, state));
  return notObserved(wording, `the VM is ${state}, and ${stateOfCommand(history)}`);
}

function stateOfCommand(history: WatchHistory): string {
  if (history.report?.command === "absent") return "nothing is left of the command on the host";
  const isUnderWay = history.report?.command === "running" || isHostTaskUnderWay(history);
  return `the host's command ${isUnderWay ? "is still at it" : "has ended"}`;
}

const wanted: Readonly<Record<PowerAction, PowerState | null>> = {
  ON: "ON",
  OFF: "OFF",
  SUSPEND: "SUSPENDED",
  SHUTDOWN: "OFF",
  REBOOT: null,
  RESET: null,
};

function isReached(action: PowerAction, history: WatchHistory): boolean {
  const summary = history.report?.summary ?? null;
  if (action === "RESET" && history.report?.hostTask?.state === "success") return true;
  if (summary === null) return false;
  return wanted[action] === null ? hasRestarted(history) : summary.powerState === wanted[action];
}

/** A report is stamped when its script was sent; the uptime in it may have been read so much later, in ms. */
const readTimeMs = 30_000;
/** hostd renews the uptime of a summary only now and then, so a VM may look younger than it is, by so many ms. */
const uptimeLagMs = 30_000;
/** Boot times of one and the same boot may differ by rounding, in ms. */
const bootTimeNoiseMs = 2000;

/** The guest began anew after the command was sent: its uptime fell, or its boot time moved. */
function hasRestarted({ before, sentAtMs, report }: WatchHistory): boolean {
  const summary = report?.summary ?? null;
  if (report === null || summary === null || summary.powerState !== "ON") return false;
  if (hasBootTimeMoved(before, summary.bootTime)) return true;
  if (summary.uptimeSeconds === null) return false;
  const beganAtMs = Date.parse(report.at) - summary.uptimeSeconds * 1000;
  const hasFallen = before.uptimeSeconds !== null && summary.uptimeSeconds < before.uptimeSeconds;
  return beganAtMs > (hasFallen ? sentAtMs - readTimeMs : sentAtMs + uptimeLagMs);
}

function hasBootTimeMoved(before: Before, bootTime: string | null): boolean {
  if (before.bootTime === null || bootTime === null) return false;
  return Date.parse(bootTime) - Date.parse(before.bootTime) > bootTimeNoiseMs;
}

function judgeEnded(power: PowerCase, history: WatchHistory): Settlement | undefined {
  const refusal = judgeRefusal(history, wordingOf(power));
  if (refusal !== undefined || showsLate.includes(power.action)) return refusal;
  if (!hasEndedInSilence(history, looksAfterSuccess)) return undefined;
  const state = history.summary?.powerState ?? "UNKNOWN";
  const told = `The host's command to ${wordingOf(power).deed} ended without a word of failure, but the VM is ${state}.`;
  return failed("HOST_REFUSED", `${told} See the task's hostOutput and the host's own events, then ask again.`);
}

/** A guest takes its time to do what it is asked, and an uptime shows late that it fell: both have until the deadline. */
const showsLate: readonly PowerAction[] = ["SHUTDOWN", "REBOOT", "RESET"];
