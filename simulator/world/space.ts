/** How much a volume holds: what is written is taken from its free bytes, what is removed comes back. */
import { fileError } from "./file-error.ts";
import type { Datastore } from "./vm.ts";
import type { World } from "./world.ts";

/** What a folder takes. A file takes its bytes, and an empty one nothing. */
export const folderBytes = 512;

/** The datastore that the canonical path lies on, or the small ramdisk behind /tmp; null for the rest of the host. */
export function volumeOf(world: World, path: string): Datastore | null {
  if (path.startsWith("/tmp/")) return world.ramdisk;
  const uuid = /^\/vmfs\/volumes\/([^/]+)(?:\/|$)/.exec(path)?.[1];
  return world.datastores.find((each) => each.uuid === uuid) ?? null;
}

/** Takes up to so many bytes as one write; less than asked for means that the volume is full now. */
export function take(volume: Datastore | null, bytes: number): number {
  if (volume === null || bytes <= 0) {
    if (volume !== null) volume.freeBytes -= bytes;
    return bytes;
  }
  if (volume.writesLeft !== null) {
    if (volume.writesLeft === 0) return 0;
    volume.writesLeft -= 1;
  }
  const taken = Math.min(bytes, Math.max(0, volume.freeBytes));
  volume.freeBytes -= taken;
  return taken;
}

/** All of it or nothing. */
export function takeAll(volume: Datastore | null, bytes: number): void {
  const taken = take(volume, bytes);
  if (taken === bytes) return;
  take(volume, -taken);
  throw fileError("ENOSPC");
}

/** Bytes that the file takes of its volume. */
export async function heldBy(world: World, path: string): Promise<number> {
  const extent = world.extents.get(path);
  if (extent !== undefined) return extent.held;
  if (!(await world.files.exists(path))) return 0;
  const info = await world.files.lstat(path);
  return info.isDirectory ? folderBytes : info.isFile ? info.size : 0;
}
