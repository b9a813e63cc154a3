import type { Action } from "../../../simulator/simulator.ts";
import type { Request } from "./stage.ts";

/** How far a request was at some time, by what was told of it later and by the hosts' log. */
export function progressAt(timeMs: number, { task, vm, host, logLength }: Request, log: readonly Action[]): string {
  const isBefore = (at: string | null | undefined): boolean => at != null && Date.parse(at) <= timeMs;
  const deed = log.slice(logLength).find((action) => action.host === host.name && action.vmPath === vm.path);
  if (!isBefore(task?.createdAt)) return "unrecorded";
  if (isBefore(task?.finishedAt)) return "ended";
  if (isBefore(deed?.at)) return "done, not ended";
  return isBefore(task?.sentAt) ? "marked as sent, not done" : "recorded, not sent";
}
