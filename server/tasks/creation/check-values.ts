/** What is wrong with a VM's name, sizes and comment: each fault with the limit and the value given. Pure. */
import type { UserError } from "../../errors.ts";
import { isNewVmName, type VmBlueprint } from "../../esxi/creation.ts";
import type { Datastore, Node } from "../../model.ts";
import { fault, invalid } from "./faults.ts";
import type { Scene } from "./scene.ts";

export type Sizes = Pick<VmBlueprint, "numCpu" | "memorySizeMb" | "diskSizeGb">;

const gib = 2 ** 30;
const mib = 2 ** 20;
/** Left free on a datastore, besides the VM's swap file: hosts begin to stop VMs when one is full. */
const reserveBytes = 2 * gib;
/** VMware's limit for a disk on VMFS and NFS: 62 TB. */
const maxDiskGb = 62 * 1024;
const maxCommentLength = 4000;

export function nameFaults(name: string, { node, vms }: Scene, datastore: Datastore | undefined): readonly UserError[] {
  if (!isNewVmName(name)) {
    const length = name.length > 80 ? ` This one has ${name.length} characters.` : "";
    const rule = `A VM's name has 1 to 80 characters: letters, digits, blanks and . _ ( ) + -, a letter or digit first, no blank or dot last.`;
    return [invalid(["name"], `${rule}${length} Given: ${JSON.stringify(name.slice(0, 100))}.`)];
  }
  const same = vms.find((vm) => vm.name.toLowerCase() === name.toLowerCase());
  if (same !== undefined) {
    const message = `Node ${node.name} has a VM "${same.name}" already (vmid ${same.vmid}). Choose another name.`;
    return [fault("CONFLICT", ["name"], message)];
  }
  const folder = `${datastore?.mountPoint}/${name}/`.toLowerCase();
  const inFolder = datastore && vms.find(({ path }) => path.toLowerCase().startsWith(folder));
  if (inFolder === undefined) return [];
  const message = `The folder ${name} on datastore ${datastore?.name} holds VM "${inFolder.name}" already. Choose another name or datastore.`;
  return [fault("CONFLICT", ["name"], message)];
}

export function sizeFaults(sizes: Sizes, node: Node, datastore: Datastore | undefined): readonly UserError[] {
  return [...cpuFaults(sizes, node), ...memoryFaults(sizes, node), ...diskFaults(sizes, datastore)];
}

function cpuFaults({ numCpu }: Sizes, { name, hardware }: Node): readonly UserError[] {
  const most = hardware?.cpuThreads ?? 1;
  if (numCpu >= 1 && numCpu <= most) return [];
  const message = `A VM on node ${name} has 1 to ${most} CPUs, the host's hardware threads; ${numCpu} was given.`;
  return [invalid(["numCpu"], message)];
}

function memoryFaults({ memorySizeMb }: Sizes, { name, hardware }: Node): readonly UserError[] {
  const most = Math.floor((hardware?.memoryBytes ?? 0) / mib / 4) * 4;
  if (memorySizeMb >= 4 && memorySizeMb <= most && memorySizeMb % 4 === 0) return [];
  const message = `Memory is 4 to ${most} MB in steps of 4 on node ${name}; ${memorySizeMb} was given.`;
  return [invalid(["memorySizeMb"], message)];
}

function diskFaults({ diskSizeGb, memorySizeMb }: Sizes, datastore: Datastore | undefined): readonly UserError[] {
  if (diskSizeGb < 1 || diskSizeGb > maxDiskGb) {
    return [invalid(["diskSizeGb"], `A disk has 1 to ${maxDiskGb} GB; ${diskSizeGb} was given.`)];
  }
  if (datastore === undefined) return [];
  const swapBytes = Math.max(0, memorySizeMb) * mib;
  const freeBytes = datastore.freeBytes - reserveBytes - swapBytes;
  if (diskSizeGb * gib <= freeBytes) return [];
  const free = `${wholeGb(datastore.freeBytes)} GB are free on datastore ${datastore.name}`;
  const kept = `2 GB of it stay in reserve and ${memorySizeMb} MB are for the VM's swap file`;
  const most = `so a disk there can have ${Math.max(0, wholeGb(freeBytes))} GB; ${diskSizeGb} was given`;
  return [
    fault("OUT_OF_SPACE", ["diskSizeGb"], `${free}; ${kept}, ${most}. Free space there, or choose another datastore.`),
  ];
}

function wholeGb(bytes: number): number {
  return Math.floor(bytes / gib);
}

export function commentFaults(comment: string): readonly UserError[] {
  if (comment.length > maxCommentLength) {
    const message = `A comment has up to ${maxCommentLength} characters; this one has ${comment.length}.`;
    return [invalid(["comment"], message)];
  }
  if (comment.includes("\0") || !comment.isWellFormed()) {
    return [invalid(["comment"], "A comment is text: it can't hold NUL or half a character (a lone surrogate).")];
  }
  return [];
}
