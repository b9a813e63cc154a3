import type { Vm } from "./state.ts";

/** Uptime goes on by itself, unless the VM is stale: then nobody knows. `now`: this browser's clock in ms, asked only where it matters. */
export function uptimeSeconds({ uptime, stale }: Pick<Vm, "uptime" | "stale">, now: () => number): number | null {
  if (uptime === null) return null;
  return stale ? uptime.seconds : uptime.seconds + Math.max(0, now() - uptime.at) / 1000;
}
