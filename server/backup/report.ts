/** What is told of a backup and of a restore. */
import type { ArchiveKind } from "../store/archive.ts";
import type { Counts } from "./format.ts";

const words: Readonly<Record<Exclude<ArchiveKind, "heads">, readonly [one: string, many: string]>> = {
  node: ["node", "nodes"],
  vm: ["VM", "VMs"],
  removedVm: ["removed VM", "removed VMs"],
  nodePulse: ["node's readings", "nodes' readings"],
  vmUsage: ["VM's readings", "VMs' readings"],
  task: ["task", "tasks"],
  request: ["request key", "request keys"],
  audit: ["audit entry", "audit entries"],
  loginRefusal: ["refused login", "refused logins"],
  hostKey: ["trusted host key", "trusted host keys"],
};

/** `2 nodes, 240 VMs, 1 task`, without what there is none of. */
export function inWords(counts: Counts): string {
  const kinds = Object.keys(words) as (keyof typeof words)[];
  const parts = kinds.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    return count === 0 ? [] : [`${grouped(count)} ${words[kind][count === 1 ? 0 : 1]}`];
  });
  return parts.length === 0 ? "nothing but an empty inventory" : parts.join(", ");
}

export function sizeInWords(bytes: number): string {
  return bytes < 1e6 ? `${grouped(Math.ceil(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

/** Digits in groups of three, whatever the machine's language. */
export function grouped(count: number): string {
  return count.toLocaleString("en-GB");
}
