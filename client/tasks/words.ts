/** A task in words. Pure. */
import { powerWords } from "../actions/power.ts";
import { kindWords } from "../format/task-words.ts";
import type { PowerAction } from "../gql/graphql.ts";
import type { Task } from "../inventory/state.ts";

const verbs: Readonly<Record<Task["kind"], string>> = { ...kindWords, SET_POWER: "Change power of" };
const powerCommand = /\bvmsvc\/power\.(on|off|shutdown|reboot|reset|suspend)\b/;

/** What it does, at the head of a line: `Power off`. Which power action, its command says. */
export function verbOf({ kind, commands }: Pick<Task, "kind" | "commands">): string {
  const command = kind === "SET_POWER" ? powerCommand.exec(commands.join("\n"))?.[1] : undefined;
  return command === undefined ? verbs[kind] : powerWords(command.toUpperCase() as PowerAction).verb;
}

/** To what it does it: the VM's name, or the node's. A VM that is not there (any more) has the name it was asked for by. */
export function subjectOf({ kind, vm, vmName, nodeName }: Pick<Task, "kind" | "vm" | "vmName" | "nodeName">): string {
  return vm?.name ?? vmName ?? (kind === "REFRESH_NODE" ? nodeName : "a VM");
}

export function titleOf(task: Task): string {
  return `${verbOf(task)} ${subjectOf(task)}`;
}

/** One step of two done says nothing. */
const fewestSteps = 3;

/** How far it is, 0 to 100; undefined where nothing tells. */
export function percentOf({ progress, steps }: Pick<Task, "progress" | "steps">): number | undefined {
  if (progress !== null) return progress;
  if (steps.length < fewestSteps) return undefined;
  const done = steps.filter(({ state }) => state === "DONE" || state === "SKIPPED").length;
  return Math.round((done / steps.length) * 100);
}

/** One line on how it stands: the step that runs, the result, or what went wrong. */
export function standingOf({ steps, result, error }: Pick<Task, "steps" | "result" | "error">): string {
  if (error !== null) return error.message;
  if (result !== null) return result;
  const step = steps.find(({ state }) => state === "RUNNING");
  if (step === undefined) return "";
  return step.detail === null ? step.name : `${step.name}: ${step.detail}`;
}

/** Seconds it ran, or has been running at `now` (server's clock, ms); undefined before it began. */
export function secondsOf({ startedAt, finishedAt }: Pick<Task, "startedAt" | "finishedAt">, now: () => number) {
  if (startedAt === null) return undefined;
  return Math.max(0, ((finishedAt === null ? now() : Date.parse(finishedAt)) - Date.parse(startedAt)) / 1000);
}

/** Why it can't be called off (any more), as a sentence; undefined when it can be tried. */
export function whyNotCancel({ kind, sentAt, finishedAt }: Pick<Task, "kind" | "sentAt" | "finishedAt">) {
  if (finishedAt !== null) return "It has ended.";
  // What a creation has made is taken back, until the VM is whole.
  if (sentAt === null || kind === "CREATE_VM") return undefined;
  return "Its command was sent to the host and can't be called back.";
}
