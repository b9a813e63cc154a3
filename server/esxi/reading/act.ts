/** What an act's and a look's output say. */
import { timestampOf } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { verdicts } from "../commands/act-script.ts";
import type {
  ActReceipt,
  ActReport,
  ActRequest,
  HostTask,
  RefusalReason,
  Strayed,
  VmAddress,
  VmSummary,
} from "../driver.ts";
import { parseMessage } from "../parse/message.ts";
import { failureIn } from "../parse/power-text.ts";
import { type Section, splitSections } from "../parse/sections.ts";
import { parseTaskInfo } from "../parse/task-info.ts";
import { readSummary, summaryIn } from "./summaries.ts";

export interface ActOutput {
  readonly stdout: string;
  readonly nonce: string;
  readonly commands: readonly string[];
  /** By our clock, in ms. */
  readonly startedAt: number;
}

/** @throws AppError OUTPUT_DAMAGED: then it may have been started; OUT_OF_SPACE: it was not */
export function readReceipt(output: ActOutput, request: ActRequest): ActReceipt {
  const sections = wholeSections(output);
  const summarySection = sections.get("summary");
  const verdict = verdicts.find((word) => word === sections.get("verdict")?.text);
  if (summarySection === undefined || verdict === undefined) throw damaged();
  const { commands } = output;
  const read = readSummary(request.vm.vmid, summarySection, timestampOf(output.startedAt));
  const summary = read.outcome === "read" ? read.summary : null;
  if (verdict === "failed-folder") throw folderRefused();
  // The script found VM and state by itself; a summary that can't be parsed in full must not turn that into a failure.
  if (verdict === "started" || verdict === "already") return { outcome: verdict, summary, commands, hostOutput: "" };
  const reason = reasons[verdict];
  const unreadable = reason === "identity" && read.outcome === "failed";
  const hostOutput = summary === null ? summarySection.text : "";
  return { outcome: "refused", reason: unreadable ? "unreadable" : reason, summary, commands, hostOutput };
}

const reasons = {
  "refused-identity": "identity",
  "refused-duplicate": "duplicate",
  "refused-question": "question",
  "refused-tools": "tools",
  "refused-state": "state",
  "refused-changed": "changed",
} as const satisfies Partial<Record<(typeof verdicts)[number], RefusalReason>>;

export function folderRefused(): AppError {
  return new AppError(
    "OUT_OF_SPACE",
    "The host could not create a folder under /tmp (it is a small RAM disk and may be full), so nothing was started. Free some space there and try again.",
  );
}

/** @throws AppError OUTPUT_DAMAGED */
export function readReport(output: ActOutput, request: ActRequest): ActReport {
  const sections = wholeSections(output);
  const summarySection = sections.get("summary");
  if (summarySection === undefined) throw damaged();
  const { summary, error } = ownSummary(summarySection, request.vm);
  const exit = /^\d{1,3}$/.exec(sections.get("left.exit")?.text.trim() ?? "");
  const text = sections.get("left.output")?.text ?? "";
  return {
    at: timestampOf(output.startedAt),
    summary: summary && withQuestion(summary, sections.get("message")),
    summaryError: error,
    command: sections.has("left") ? (exit ? "ended" : "running") : "absent",
    exitCode: exit ? Number(exit[0]) : null,
    output: text,
    failure: failureIn(text) ?? null,
    strayed: readStray(sections.get("left.stray")),
    hostTask: readHostTask(sections.get("left.task"), sections.get("left.start")),
  };
}

/** The VM may have another vmid by now; path and UUID say whether it is the one. */
function ownSummary(section: Section, vm: VmAddress): { summary: VmSummary | null; error: string | null } {
  const reading = summaryIn(section);
  if (!("ok" in reading)) return { summary: null, error: "gone" in reading ? reading.gone : reading.failed };
  const { ok: summary } = reading;
  const isSame = summary.datastorePath === vm.datastorePath && (vm.uuid === null || summary.uuid === vm.uuid);
  if (isSame) return { summary, error: null };
  const error = `The vmid ${vm.vmid} belongs to another VM now: ${summary.datastorePath ?? "unnamed"}.`;
  return { summary: null, error };
}

/** No capture shows a summary with a question in it, so the command made for questions has a say too. */
function withQuestion(summary: VmSummary, section: Section | undefined): VmSummary {
  if (summary.question !== null || section === undefined || section.exitCode !== 0) return summary;
  const message = parseMessage(section.text);
  return "ok" in message && message.ok !== null ? { ...summary, question: message.ok } : summary;
}

function readStray(section: Section | undefined): Strayed | null {
  return section === undefined ? null : { vmidIsNow: section.text.trim() || null };
}

/** A task from before the act is another's. */
function readHostTask(section: Section | undefined, start: Section | undefined): HostTask | null {
  if (section === undefined) return null;
  const info = parseTaskInfo(section.text);
  if (!("ok" in info)) return null;
  const startedAt = Number(start?.text.trim()) * 1000;
  const queuedAt = info.ok.queuedAt === null ? Number.NaN : Date.parse(info.ok.queuedAt);
  const isOlder = Number.isFinite(startedAt) && Number.isFinite(queuedAt) && queuedAt < startedAt - 2000;
  return isOlder ? null : info.ok.task;
}

/** @throws AppError OUTPUT_DAMAGED */
export function wholeSections(output: Pick<ActOutput, "stdout" | "nonce">): ReadonlyMap<string, Section> {
  const { sections, isDone, damaged: broken } = splitSections(output.stdout, output.nonce);
  if (!isDone || broken.length > 0) throw damaged();
  return sections;
}

export function damaged(): AppError {
  return new AppError("OUTPUT_DAMAGED", "What the host sent was cut or garbled, so nothing of it was used.");
}
