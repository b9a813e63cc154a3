/** All that lies on the datastores and in /tmp, so that two hosts can be compared. */
import type { World } from "./world.ts";

export async function fileMap(world: World): Promise<Readonly<Record<string, string>>> {
  const paths = world.files.getAllPaths().filter((path) => /^\/(vmfs|tmp)(\/|$)/.test(path));
  const entries: [string, string][] = [];
  for (const path of paths.sort()) entries.push([path, await describe(world, path)]);
  return Object.fromEntries(entries);
}

async function describe(world: World, path: string): Promise<string> {
  const info = await world.files.lstat(path);
  if (info.isSymbolicLink) return `link to ${await world.files.readlink(path)}`;
  if (info.isDirectory) return "folder";
  const size = world.extents.get(path)?.size;
  const text = await world.files.readFile(path);
  return size === undefined ? `file\n${text}` : `file of ${size} bytes\n${text}`;
}
