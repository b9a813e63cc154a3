/** What is built from sources in the repository, once for each state of them. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

export interface Recipe {
  /** Has the sources, and `target/`, which git ignores. */
  readonly home: string;
  readonly sources: readonly string[];
  /** Into this folder, which is not there yet. */
  readonly build: (folder: string) => Promise<void>;
}

/** The folder with what was built. Rejects as the build does. */
export async function builtOnce({ home, sources, build }: Recipe): Promise<string> {
  const folder = join(home, "target", fingerprint(sources.map((source) => join(home, source))));
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(join(home, "target"), { recursive: true });
  try {
    await build(unfinished);
    await rename(unfinished, folder).catch((thrown: unknown) => failUnlessThere(folder, thrown));
    return folder;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function fingerprint(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}

/** Another run that built at the same time may have been first. */
function failUnlessThere(folder: string, thrown: unknown): void {
  if (!existsSync(folder)) throw thrown;
}
