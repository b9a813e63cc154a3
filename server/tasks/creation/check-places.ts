/** Datastore, installation image and port group: as asked, else as hosts.yml says; each found on the node, or why not. Pure. */
import type { UserError } from "../../errors.ts";
import type { Datastore, Node } from "../../model.ts";
import { fault, invalid } from "./faults.ts";
import { canonicalFile, datastoresForVms, datastoresNamed } from "./places.ts";

export function datastoreOf(asked: string | undefined, node: Node): Datastore | UserError {
  const given = asked ?? node.defaults.datastorePath;
  const choice = `It has: ${listed(datastoresForVms(node).map(({ name }) => name))}.`;
  if (given === null) return invalid(["datastore"], `${noDefault("datastore", "datastore_path", node)} ${choice}`);
  const found = datastoresNamed(given, node);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const origin = asked === undefined ? `${JSON.stringify(given)} (datastore_path in hosts.yml)` : JSON.stringify(given);
  if (found.length > 1) {
    const paths = found.map(({ mountPoint }) => mountPoint).join(" and ");
    return invalid(
      ["datastore"],
      `Node ${node.name} has ${found.length} datastores ${origin}: give the path, ${paths}.`,
    );
  }
  const message = `Node ${node.name} has no mounted datastore ${origin} on which VMs can be put directly. ${choice}`;
  return fault("NOT_FOUND", ["datastore"], message);
}

/** Null: none. A path that is not among the known images is only held to its form here. */
export function isoPathOf(asked: string | undefined, node: Node): string | null | UserError {
  const given = asked ?? node.defaults.isoPath ?? "";
  if (given === "") return null;
  const path = canonicalFile(given, node);
  if (path === undefined) {
    const form = `full path on a datastore of node ${node.name}, such as [${node.datastores[0]?.name}] iso/debian.iso`;
    return invalid(["isoPath"], `${JSON.stringify(given.slice(0, 300))} is no ${form}.`);
  }
  if (!/\.iso$/i.test(path))
    return invalid(["isoPath"], `${JSON.stringify(given)} is no ISO image: its name does not end in .iso.`);
  return path;
}

export function portGroupOf(asked: string | undefined, node: Node): string | UserError {
  const given = asked ?? node.defaults.portGroup;
  const choice = `It has: ${listed(node.portGroups.map(({ name }) => name))}.`;
  if (given === null) return invalid(["portGroup"], `${noDefault("port group", "network_port_group", node)} ${choice}`);
  if (node.portGroups.some(({ name }) => name === given)) return given;
  return fault("NOT_FOUND", ["portGroup"], `Node ${node.name} has no port group ${JSON.stringify(given)}. ${choice}`);
}

function noDefault(what: string, key: string, { name }: Node): string {
  return `A ${what} is needed: none was given, and hosts.yml has no ${key} for node ${name}.`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map((name) => JSON.stringify(name)).join(", ");
}
