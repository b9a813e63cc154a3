/** Holds what tasks tell against the action log of the simulated hosts: the only witness of what was done to which VM. */
import type { PowerAction, PowerState } from "../../../server/model.ts";
import type { Action } from "../../../simulator/simulator.ts";
import { hasEnded, type PowerTask } from "./power-client.ts";

/** Which VM is meant by an id, in the words of the action log. */
export interface Place {
  readonly host: string;
  readonly vmPath: string;
  readonly datastorePath: string;
  /** At the beginning. */
  readonly power: PowerState;
}

export interface Evidence {
  readonly tasks: readonly PowerTask[];
  /** vmId → the VM it stands for. */
  readonly places: ReadonlyMap<string, Place>;
  readonly log: readonly Action[];
}

export interface Verdict {
  /** What was told and is not true, a sentence each. */
  readonly lies: readonly string[];
  /** Actions on a VM for which nobody had asked them. */
  readonly strays: readonly Action[];
  /** Strays of which no task tells. */
  readonly untold: readonly Action[];
}

export function judge(evidence: Evidence): Verdict {
  const { deeds, strays } = deedsOf(evidence);
  const lies = evidence.tasks.flatMap((task) => lieOf(task, deeds.get(task.id) ?? [], evidence) ?? []);
  const untold = strays.filter((stray) => !evidence.tasks.some((task) => tellsOf(task, stray, evidence)));
  return { lies, strays, untold };
}

/** An action belongs to the last task that had been asked for it on that VM: a VM has one task at a time. */
function deedsOf({ tasks, places, log }: Evidence): { deeds: ReadonlyMap<string, Action[]>; strays: Action[] } {
  const deeds = new Map<string, Action[]>();
  const strays: Action[] = [];
  const newestFirst = tasks.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  for (const action of log) {
    const task = newestFirst.find(
      ({ vmId, createdAt }) => createdAt <= action.at && isAt(places.get(vmId), action.host, action.vmPath),
    );
    if (task === undefined || commandOf(task.action) !== action.command) strays.push(action);
    else deeds.set(task.id, [...(deeds.get(task.id) ?? []), action]);
  }
  return { deeds, strays };
}

function lieOf(task: PowerTask, deeds: readonly Action[], evidence: Evidence): string | undefined {
  const told = `${task.id} (${task.action}) ended as ${task.state} ${task.code ?? ""}: ${task.result}`;
  if (!hasEnded(task)) return `${task.id} (${task.action}) has not ended`;
  if (deeds.length > 1) return `sent ${deeds.length} times: ${told}`;
  const wasDone = deeds.length === 1;
  if (wasDone && task.sentAt === null) return `done, but never marked as sent: ${told}`;
  if (wasDone && (task.state === "FAILED" || task.state === "CANCELLED")) return `done all the same: ${told}`;
  if (wasDone || task.state !== "SUCCEEDED") return undefined;
  if (!task.result.includes("already")) return `not done: ${told}`;
  const state = powerAt(task, evidence);
  return state === goals[task.action] ? undefined : `the VM was ${state}: ${told}`;
}

/** The VM's state when the task ended, by the beginning and by what was done to it since. */
function powerAt({ vmId, finishedAt }: PowerTask, { places, log }: Evidence): PowerState | undefined {
  const place = places.get(vmId);
  const last = log.findLast(
    ({ host, vmPath, at }) => isAt(place, host, vmPath) && (finishedAt === null || at <= finishedAt),
  );
  return last === undefined ? place?.power : effects[last.command];
}

function tellsOf(task: PowerTask, { at, host, command }: Action, { places }: Evidence): boolean {
  return (
    task.state === "UNKNOWN" &&
    places.get(task.vmId)?.host === host &&
    commandOf(task.action) === command &&
    task.createdAt <= at &&
    (task.finishedAt ?? at) >= at &&
    task.result.includes("carried out on another VM instead")
  );
}

function isAt(place: Place | undefined, host: string, vmPath: string): boolean {
  return place?.host === host && place.vmPath === vmPath;
}

function commandOf(action: PowerAction): string {
  return `vmsvc/power.${action.toLowerCase()}`;
}

const effects: Readonly<Record<string, PowerState>> = {
  "vmsvc/power.on": "ON",
  "vmsvc/power.off": "OFF",
  "vmsvc/power.shutdown": "OFF",
  "vmsvc/power.suspend": "SUSPENDED",
  "vmsvc/power.reset": "ON",
  "vmsvc/power.reboot": "ON",
};

const goals: Readonly<Partial<Record<PowerAction, PowerState>>> = {
  ON: "ON",
  OFF: "OFF",
  SHUTDOWN: "OFF",
  SUSPEND: "SUSPENDED",
};
