/** From what was typed to what is asked for. Pure. */
import type { CreateVmInput } from "../../gql/graphql.ts";
import { type FieldName, type Form, noImage } from "./form.ts";

export interface Guest {
  readonly id: string;
  readonly fullName: string;
}

/** By id or name, ignoring case; as it was typed where the node does not tell which it knows. */
export function guestIdOf(typed: string, guests: readonly Guest[]): string | undefined {
  const word = typed.trim().toLowerCase();
  if (guests.length === 0) return typed.trim();
  return guests.find(({ id, fullName }) => id.toLowerCase() === word || fullName.toLowerCase() === word)?.id;
}

/** What is empty is left to hosts.yml and the server. */
export function toInput(form: Form, guests: readonly Guest[]): CreateVmInput {
  const { node, name, datastore, portGroup, firmware, comment, powerOn } = form;
  return {
    node,
    name,
    numCpu: Number(form.cpu),
    memorySizeMb: Number(form.memory),
    diskSizeGb: Number(form.disk),
    ...(datastore && { datastore }),
    ...(form.iso && { isoPath: form.iso === noImage ? "" : form.iso.trim() }),
    ...(portGroup && { portGroup }),
    ...(form.guest.trim() && { guestId: guestIdOf(form.guest, guests) ?? form.guest.trim() }),
    ...(firmware && { firmware }),
    ...(comment && { comment }),
    powerOn,
  };
}

const fieldOfInput: Readonly<Record<string, FieldName>> = {
  node: "node",
  name: "name",
  numCpu: "cpu",
  memorySizeMb: "memory",
  diskSizeGb: "disk",
  datastore: "datastore",
  isoPath: "iso",
  portGroup: "portGroup",
  guestId: "guest",
  firmware: "firmware",
  comment: "comment",
  powerOn: "powerOn",
};

/** The field that a user error speaks of; undefined where it is the request as a whole. */
export function fieldAt(path: readonly string[]): FieldName | undefined {
  return fieldOfInput[path[1] ?? ""];
}
