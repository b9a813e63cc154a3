/** A folder with all that is in it, to be compared with itself later. */
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Path below the folder → `folder`, `link TARGET` or the content, of everything in it. */
export async function readTree(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(folder, { recursive: true });
  const entries = await Promise.all(
    names.toSorted().map(async (name) => [name, await contentOf(join(folder, name))] as const),
  );
  return Object.fromEntries(entries);
}

async function contentOf(path: string): Promise<string> {
  const found = await lstat(path);
  if (found.isDirectory()) return "folder";
  return found.isSymbolicLink() ? `link ${await readlink(path)}` : readFile(path, "utf8");
}
