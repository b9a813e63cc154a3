/**
 * One spelling per .vmx file. ESXi prints the same file as `[datastore] folder/x.vmx`, as `/vmfs/volumes/NAME/folder/x.vmx`
 * or as `/vmfs/volumes/UUID/folder/x.vmx`; names can change and collide, so the UUID form is the canonical one.
 */
import type { Datastore } from "../model.ts";

/** Datastore name → mount point; `null` where two datastores carry the name. */
export type Volumes = ReadonlyMap<string, string | null>;

export interface CanonicalPath {
  readonly path: string;
  /** False: the datastore's UUID is not known, so that `path` has the name form and may change later. */
  readonly certain: boolean;
}

const root = "/vmfs/volumes/";
const volumeId = /^(?:[0-9a-f]{8}-[0-9a-f]{8}(?:-[0-9a-f]{4}-[0-9a-f]{12})?|v(?:san|vol):[0-9a-f-]+)$/i;

/** What datastore names stand for. Names that `current` lacks are looked up in `earlier`, so that a lost list harms nothing. */
export function volumesOf(current: readonly Datastore[], earlier: readonly Datastore[]): Volumes {
  const volumes = new Map(namesOf(earlier));
  for (const [name, mountPoint] of namesOf(current)) volumes.set(name, mountPoint);
  return volumes;
}

function namesOf(datastores: readonly Datastore[]): Map<string, string | null> {
  const names = new Map<string, string | null>();
  for (const { name, mountPoint, uuid } of datastores) {
    const place = mountPoint === "" ? root + uuid : mountPoint;
    if (name === "" || place === root) continue;
    const other = names.get(name);
    names.set(name, other === undefined || other === place ? place : null);
  }
  return names;
}

export function canonicalPath(printed: string, volumes: Volumes): CanonicalPath {
  const path = printed.startsWith("[") ? bracketed(printed, volumes) : absolute(printed, volumes);
  return { path: path.path.replaceAll(/\/{2,}/g, "/"), certain: path.certain };
}

/** The part below the datastore: `folder/x.vmx`; the whole of a path that is not on a datastore. */
export function pathBelowVolume(path: string): string {
  if (!path.startsWith(root)) return path;
  const end = path.indexOf("/", root.length);
  return end === -1 ? path : path.slice(end + 1);
}

/** The datastore's name as `[name] folder/x.vmx` has it; null for another form or an empty name. */
export function datastoreNameOf(datastorePath: string | null, volumes: Volumes): string | null {
  if (datastorePath === null || !datastorePath.startsWith("[")) return null;
  return splitBracketed(datastorePath, volumes).name || null;
}

function bracketed(printed: string, volumes: Volumes): CanonicalPath {
  const { name, rest } = splitBracketed(printed, volumes);
  // vCLS VMs and VMs of a lost datastore: `[] /var/run/crx/...`.
  if (rest.startsWith("/")) return absolute(rest, volumes);
  const mountPoint = volumes.get(name) ?? null;
  return mountPoint === null
    ? { path: `${root}${name}/${rest}`, certain: false }
    : { path: `${mountPoint}/${rest}`, certain: true };
}

/** A datastore's name may itself hold brackets: the first end that makes a known name counts, else the first one. */
function splitBracketed(printed: string, volumes: Volumes): { readonly name: string; readonly rest: string } {
  const ends = [...printed.matchAll(/\]/g)].map((match) => match.index);
  const end = ends.find((index) => volumes.has(printed.slice(1, index))) ?? ends[0] ?? printed.length;
  return { name: printed.slice(1, end), rest: printed.slice(end + 1).trimStart() };
}

function absolute(printed: string, volumes: Volumes): CanonicalPath {
  if (!printed.startsWith(root)) return { path: printed, certain: printed.startsWith("/") };
  const [volume = ""] = printed.slice(root.length).split("/", 1);
  const mountPoint = volumes.get(volume) ?? null;
  if (mountPoint !== null) return { path: mountPoint + printed.slice(root.length + volume.length), certain: true };
  return { path: printed, certain: volumeId.test(volume) };
}
