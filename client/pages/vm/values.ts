/** What is told of a VM at more than one place of the page. */
import { type Accessor, createMemo } from "solid-js";
import { useApp } from "../../context.ts";
import { bytesText, memoryText } from "../../format/size.ts";
import { durationText } from "../../format/time.ts";
import type { Vm } from "../../inventory/state.ts";
import { uptimeSeconds } from "../../inventory/uptime.ts";

export interface VmProps {
  readonly vm: Accessor<Vm>;
}

export interface Limits {
  readonly cpu?: string;
  readonly ram?: string;
  readonly storage?: string;
}

/** The limits that it reaches, in words; undefined where it does not. */
export function useLimits(vm: Accessor<Vm>): Accessor<Limits> {
  const { inventory } = useApp();
  const node = inventory.node(() => vm().node.name);
  return createMemo(() => {
    const { cpu, ram, storage } = vm().exceedsThreshold;
    const limits = (node()?.thresholds ?? inventory.about()?.thresholds)?.vm;
    if (limits === undefined) return {};
    return {
      cpu: cpu ? `${limits.cpu} CPUs` : undefined,
      ram: ram ? memoryText(limits.ramMb) : undefined,
      storage: storage ? bytesText(limits.storageGb * 1e9) : undefined,
    };
  });
}

/** It ticks; empty while it does not run. */
export function useUptime(vm: Accessor<Vm>): Accessor<string> {
  const { now } = useApp();
  return createMemo(() => {
    const seconds = uptimeSeconds(vm(), now);
    return seconds === null ? "" : durationText(seconds);
  });
}

export const healthWords = {
  GREEN: "All is well",
  YELLOW: "Needs attention",
  RED: "Something is wrong",
  GRAY: "No verdict",
} as const;
