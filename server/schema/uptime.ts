import type { Vm, VmUsage } from "../model.ts";

/**
 * Seconds the VM has been running: as last read plus the time since, while it is known to run; as last read when
 * nobody can look at it any more; null when it does not run or was not read yet.
 */
export function uptimeSeconds(vm: Vm, usage: VmUsage | undefined, nowMs: number): number | null {
  if (vm.powerState !== "ON" || usage === undefined || usage.uptimeSeconds === null) return null;
  if (vm.stale) return Math.floor(usage.uptimeSeconds);
  const sinceRead = (nowMs - Date.parse(usage.observedAt)) / 1000;
  return Math.floor(usage.uptimeSeconds + Math.max(0, sinceRead));
}
