/** Datastores and paths as people write them, found among what a node has. */
import type { Datastore, Node } from "../../model.ts";

const root = "/vmfs/volumes/";
/** File systems that VMs can be put on with plain folders. vSAN wants objects; the others are the host's own. */
const forVms = /^(?:VMFS-\d+|NFS(?:41)?)$/i;

export function datastoresForVms(node: Node): readonly Datastore[] {
  return node.datastores.filter(({ type, mounted }) => mounted && forVms.test(type));
}

/** By name, `[name]`, UUID or path. Several: two datastores carry the name. */
export function datastoresNamed(given: string, node: Node): readonly Datastore[] {
  const word = given.replace(/^\[(.*)\]$/s, "$1").replace(/\/+$/, "");
  const volume = word.startsWith(root) ? word.slice(root.length) : word;
  return datastoresForVms(node).filter(
    ({ name, uuid, mountPoint }) => volume === name || volume === uuid || word === mountPoint,
  );
}

/** `/vmfs/volumes/UUID/folder/x.iso` for any spelling of a file on one of the node's datastores; undefined for anything else. */
export function canonicalFile(given: string, { datastores }: Pick<Node, "datastores">): string | undefined {
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(given)) return undefined;
  const spellings = datastores.flatMap(({ name, mountPoint }) => [
    { prefix: `${mountPoint}/`, mountPoint },
    ...(name === "" ? [] : [`${root}${name}/`, `[${name}] `, `[${name}]`].map((prefix) => ({ prefix, mountPoint }))),
  ]);
  const found = spellings.find(({ prefix }) => given.startsWith(prefix));
  if (found === undefined) return undefined;
  const below = given
    .slice(found.prefix.length)
    .replaceAll(/\/{2,}/g, "/")
    .replace(/^\//, "");
  const isPlain = below !== "" && below.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  return isPlain ? `${found.mountPoint}/${below}` : undefined;
}
