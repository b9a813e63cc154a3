/** What a node has free, and what it lacks for the VM that is wanted. Pure. */
import { bytesText } from "../../format/size.ts";
import { statusWords } from "../../format/words.ts";
import type { Node } from "../../inventory/state.ts";
import { wholeNumber } from "./checks.ts";
import type { Form } from "./form.ts";

const gib = 2 ** 30;
const mib = 2 ** 20;
/** As the server keeps it free on a datastore. */
const reserveBytes = 2 * gib;

export interface Fit {
  /** Each in words; empty where it is not known. */
  readonly cpu: string;
  readonly memory: string;
  readonly storage: string;
  /** Why the VM can't be made there; empty: it can. */
  readonly lacks: readonly string[];
  /** It can, and the node is then fuller than it should be. */
  readonly warnings: readonly string[];
}

type Sizes = Pick<Form, "cpu" | "memory" | "disk">;
export type Space = Pick<Node["datastores"][number], "name" | "type" | "mounted" | "freeBytes">;

export function fitOf(node: Node, sizes: Sizes): Fit {
  const roomiest = forVms(node.datastores).toSorted((a, b) => b.freeBytes - a.freeBytes)[0];
  return {
    cpu: node.cpuCores === null ? "" : `${node.allocatedCpus} vCPUs on ${node.cpuCores} cores`,
    memory: node.memoryBytes === null ? "" : `${gbText(freeMemory(node))} memory free`,
    storage: roomiest === undefined ? "" : `${bytesText(roomiest.freeBytes)} free on ${roomiest.name}`,
    lacks: lacksOf(node, sizes, roomiest),
    warnings: warningsOf(node, sizes),
  };
}

/** File systems that the server puts VMs on. */
export function forVms<One extends Space>(datastores: readonly One[]): readonly One[] {
  return datastores.filter(({ type, mounted }) => mounted && /^(?:VMFS-\d+|NFS(?:41)?)$/i.test(type));
}

/** The disk, the VM's swap file and a reserve. */
export function neededBytes({ disk, memory }: Pick<Sizes, "disk" | "memory">): number {
  return (wholeNumber(disk) ?? 0) * gib + (wholeNumber(memory) ?? 0) * mib + reserveBytes;
}

function lacksOf(node: Node, sizes: Sizes, roomiest: Space | undefined): readonly string[] {
  if (node.status !== "ONLINE" && node.status !== "DEGRADED") return [statusWords[node.status]];
  const cpus = wholeNumber(sizes.cpu) ?? 0;
  const memory = (wholeNumber(sizes.memory) ?? 0) * mib;
  const lacks: string[] = [];
  if (node.cpuThreads !== null && cpus > node.cpuThreads) lacks.push(`${cpus - node.cpuThreads} threads too few`);
  if (node.memoryBytes !== null && memory > node.memoryBytes)
    lacks.push(`${gbText(memory - node.memoryBytes)} of memory too little`);
  if (roomiest === undefined) return [...lacks, "no datastore for VMs"];
  const missing = neededBytes(sizes) - roomiest.freeBytes;
  if (missing > 0) lacks.push(`${gbText(missing)} of storage too little`);
  return lacks;
}

function warningsOf(node: Node, sizes: Sizes): readonly string[] {
  const { status, thresholds, allocatedCpus, cpuCores, memoryBytes } = node;
  const ratio = cpuCores ? (allocatedCpus + (wholeNumber(sizes.cpu) ?? 0)) / cpuCores : 0;
  const warnings: string[] = status === "DEGRADED" ? [statusWords[status].toLowerCase()] : [];
  if (ratio >= thresholds.node.cpuRatio)
    warnings.push(`${Math.round(ratio * 10) / 10} vCPUs per core, marked from ${thresholds.node.cpuRatio} on`);
  if (memoryBytes !== null && (wholeNumber(sizes.memory) ?? 0) * mib > freeMemory(node))
    warnings.push("more memory than is free");
  return warnings;
}

function freeMemory({ memoryBytes, memoryUsageBytes }: Node): number {
  return Math.max(0, (memoryBytes ?? 0) - (memoryUsageBytes ?? 0));
}

function gbText(bytes: number): string {
  const gb = bytes / gib;
  if (gb < 1) return `${Math.ceil(bytes / mib)} MB`;
  return `${gb >= 100 ? Math.round(gb) : Math.round(gb * 10) / 10} GB`;
}
