/** How full a node is, as bars: how much of what, and from where on it is marked. Pure. */
import { bytesText } from "../../format/size.ts";
import type { Node } from "../../inventory/state.ts";

export interface Capacity {
  readonly key: "cpu" | "memory" | "storage";
  readonly label: string;
  readonly value: number;
  readonly limit: number;
  /** The right end of the bar. */
  readonly most: number;
  readonly isExceeded: boolean;
  /** The value, and what it is made of. */
  readonly text: string;
  readonly detail: string;
}

/** What is known of it; nothing before the node was read. */
export function capacitiesOf(node: Node): readonly Capacity[] {
  return [cpu(node), memory(node), storage(node)].filter((one) => one !== undefined);
}

function cpu({ allocatedCpus, cpuCores, thresholds, exceedsThreshold }: Node): Capacity | undefined {
  if (!cpuCores) return undefined;
  const value = allocatedCpus / cpuCores;
  const limit = thresholds.node.cpuRatio;
  return {
    key: "cpu",
    label: "vCPUs per core",
    value,
    limit,
    most: Math.max(limit * 1.25, value),
    isExceeded: exceedsThreshold.cpu,
    text: rounded(value),
    detail: `${allocatedCpus} on ${cpuCores} cores`,
  };
}

function memory({ memoryBytes, memoryUsageBytes, thresholds, exceedsThreshold }: Node): Capacity | undefined {
  if (!memoryBytes || memoryUsageBytes === null) return undefined;
  const value = (memoryUsageBytes / memoryBytes) * 100;
  return {
    key: "memory",
    label: "Memory in use",
    value,
    limit: thresholds.node.memoryPercent,
    most: 100,
    isExceeded: exceedsThreshold.memory,
    text: `${Math.round(value)} %`,
    detail: `${gibText(memoryUsageBytes)} of ${gibText(memoryBytes)}`,
  };
}

function storage({ datastores, thresholds, exceedsThreshold }: Node): Capacity | undefined {
  const [fullest] = datastores
    .filter(({ mounted, usedPercent }) => mounted && usedPercent !== null)
    .toSorted((a, b) => (b.usedPercent ?? 0) - (a.usedPercent ?? 0));
  if (fullest === undefined) return undefined;
  return {
    key: "storage",
    label: "Fullest datastore",
    value: fullest.usedPercent ?? 0,
    limit: thresholds.node.storagePercent,
    most: 100,
    isExceeded: exceedsThreshold.storage,
    text: `${Math.round(fullest.usedPercent ?? 0)} %`,
    detail: `${fullest.name}, ${bytesText(fullest.freeBytes)} free`,
  };
}

/** Memory counts in binary. */
export function gibText(bytes: number): string {
  return `${rounded(bytes / 2 ** 30)} GB`;
}

function rounded(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
