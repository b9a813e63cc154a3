/** What a look at a creation shows. Whatever does not come whole is not used at all. */
import { timestampOf } from "../../clock.ts";
import { exitCodes } from "../commands/creation/step-bodies.ts";
import { stepVerdicts } from "../commands/creation/step-script.ts";
import type { ActTrace, CreationOrder, CreationSight, StepExit } from "../creation.ts";
import { classifyHostText } from "../parse/power-text.ts";
import type { Section } from "../parse/sections.ts";
import { damaged, folderRefused, wholeSections } from "./act.ts";
import { readSummary } from "./summaries.ts";

export interface CreationOutput {
  readonly stdout: string;
  readonly nonce: string;
  /** By our clock, in ms. */
  readonly startedAt: number;
}

/** @throws AppError OUTPUT_DAMAGED; OUT_OF_SPACE where the step's own folder could not be made: nothing was begun */
export function readStep(output: CreationOutput, order: CreationOrder): CreationSight {
  const verdict = wholeSections(output).get("verdict")?.text;
  if (stepVerdicts.every((word) => word !== verdict)) throw damaged();
  if (verdict === "failed-folder") throw folderRefused();
  return readSight(output, order);
}

/** @throws AppError OUTPUT_DAMAGED */
export function readSight(output: CreationOutput, order: CreationOrder): CreationSight {
  const sections = wholeSections(output);
  const folder = folders.find((word) => word === sections.get("folder")?.text);
  const registered = sections.get("registered");
  if (folder === undefined || registered === undefined) throw damaged();
  const mark = folder === "ours" ? (sections.get("mark")?.text ?? "") : "";
  const vmids = vmidsIn(registered);
  const at = timestampOf(output.startedAt);
  const summary = sections.get("summary");
  return {
    at,
    hasDatastore: sections.get("datastore")?.text.trim() === order.mountPoint,
    folder,
    files: (sections.get("files")?.text ?? "").split("\n").filter((name) => name !== ""),
    made: new Set(namesIn(mark, "made").filter((name) => !namesIn(mark, "foreign").includes(name))),
    whole: new Set(namesIn(mark, "whole")),
    vmx: sections.get("vmx")?.text ?? null,
    vmids,
    read: summary !== undefined && vmids?.length === 1 ? readSummary(vmids[0] ?? 0, summary, at) : null,
    act: traceIn(sections),
  };
}

const folders = ["absent", "ours", "foreign"] as const;

/** `made web.vmdk` and the like, a line each; a line that was cut names nothing. */
function namesIn(mark: string, word: string): readonly string[] {
  const lines = mark.split("\n").slice(0, -1);
  return lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
}

function vmidsIn({ text, exitCode }: Section): readonly number[] | null {
  if (exitCode !== 0) return null;
  return text.split("\n").flatMap((line) => (/^\d{1,10}$/.test(line) ? [Number(line)] : []));
}

function traceIn(sections: ReadonlyMap<string, Section>): ActTrace {
  const output = (sections.get("left.output")?.text ?? "").replaceAll("\r", "\n");
  const code = /^(\d{1,3})\s*$/.exec(sections.get("left.exit")?.text ?? "")?.[1];
  const percent = [...output.matchAll(/(\d{1,3})% done/g)].at(-1)?.[1];
  const begun = sections.has("left") ? "running" : "absent";
  const exit = code === undefined ? null : exitOf(Number(code));
  return {
    state: code === undefined ? begun : "ended",
    exit,
    failure: exit === null || exit === "done" ? null : classifyHostText(output),
    output,
    percent: percent === undefined ? null : Math.min(Number(percent), 100),
  };
}

function exitOf(code: number): StepExit {
  if (code === 0) return "done";
  const own = Object.entries(exitCodes).find(([, number]) => number === code)?.[0];
  return own === undefined ? "refused" : (own as StepExit);
}
