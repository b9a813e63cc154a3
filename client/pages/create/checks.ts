/** What can be said while somebody types; the server checks it all again, and more. Pure. */
import type { Node, Vm } from "../../inventory/state.ts";
import { emptyPath, type FieldName, type Form, noImage } from "./form.ts";
import { type Guest, guestIdOf } from "./input.ts";

export type Faults = Partial<Record<FieldName, string>>;

export interface Scene {
  /** The chosen node, where there is one. */
  readonly node: Node | undefined;
  /** All VMs that are known. */
  readonly vms: Iterable<Vm>;
  readonly guests: readonly Guest[];
}

const mostDiskGb = 62 * 1024;
const longestComment = 4000;
const longestName = 80;

/** By field; a field that is well is missing. `isFinal`: what was left out counts as well. */
export function faultsOf(form: Form, scene: Scene, isFinal: boolean): Faults {
  const found: Readonly<Record<string, string | undefined>> = {
    name: nameFault(form, scene, isFinal),
    node: isFinal && form.node === "" ? "Choose a node." : undefined,
    cpu: sizeFault(form.cpu, { what: "CPUs", most: scene.node?.cpuThreads ?? undefined, of: "the node's threads" }),
    memory: memoryFault(form.memory, scene.node),
    disk: sizeFault(form.disk, { what: "GB", most: mostDiskGb, of: "VMware's limit" }),
    iso: isoFault(form.iso),
    guest: guestFault(form.guest, scene.guests),
    comment:
      form.comment.length > longestComment
        ? `A comment has up to ${longestComment} characters; this one has ${form.comment.length}.`
        : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, fault]) => fault !== undefined));
}

function nameFault({ name, node }: Form, { vms }: Scene, isFinal: boolean): string | undefined {
  if (name === "") return isFinal ? "Give it a name." : undefined;
  if (name.length > longestName) return `A name has up to ${longestName} characters; this one has ${name.length}.`;
  if (!/^[A-Za-z0-9]/.test(name)) return "A name begins with a letter or a digit.";
  const strange = /[^A-Za-z0-9 ._()+-]/u.exec(name)?.[0];
  if (strange !== undefined) return `“${strange}” can't be in a name: letters, digits, blanks and . _ ( ) + - can.`;
  if (/[ .]$/.test(name)) return "A name does not end with a blank or a dot.";
  for (const vm of vms) {
    if (vm.node.name === node && vm.name.toLowerCase() === name.toLowerCase())
      return `Node ${node} has a VM “${vm.name}” already.`;
  }
  return undefined;
}

interface Limits {
  readonly what: string;
  /** Undefined: not known. */
  readonly most: number | undefined;
  readonly of: string;
}

function sizeFault(typed: string, { what, most, of }: Limits): string | undefined {
  const value = wholeNumber(typed);
  if (value === undefined || value < 1) return `A whole number of ${what}, 1 or more.`;
  if (most !== undefined && value > most) return `Up to ${most} ${what}, ${of}.`;
  return undefined;
}

function memoryFault(typed: string, node: Node | undefined): string | undefined {
  const value = wholeNumber(typed);
  if (value === undefined || value < 4 || value % 4 !== 0) return "MB in steps of 4, 4 or more.";
  const most = node?.memoryBytes ? Math.floor(node.memoryBytes / 2 ** 20 / 4) * 4 : undefined;
  return most !== undefined && value > most ? `Up to ${most} MB, all that the node has.` : undefined;
}

/** Up to nine digits: what is longer does not fit the API, and no host. */
export function wholeNumber(typed: string): number | undefined {
  return /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : undefined;
}

function isoFault(iso: string): string | undefined {
  if (iso === emptyPath) return "Give the path of an image.";
  const isPath = iso !== "" && iso !== noImage;
  if (!isPath) return undefined;
  if (!/^(?:\/vmfs\/volumes\/|\[[^\]]+\])/.test(iso.trim()))
    return "A path begins with /vmfs/volumes/ or with [datastore].";
  return /\.iso$/i.test(iso.trim()) ? undefined : "An image's name ends in .iso.";
}

function guestFault(typed: string, guests: readonly Guest[]): string | undefined {
  if (typed.trim() === "" || guestIdOf(typed, guests) !== undefined) return undefined;
  return "The node knows no such guest system: choose one of the list.";
}
