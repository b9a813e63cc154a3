/** A folder with what an image would hold under /app: containers can't run everywhere, but what is in them can. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { projectRoot } from "../harness/commands.ts";
import { type Copy, filesIn, type Stage, stageOf } from "./dockerfile.ts";

/** Of the stage, in a folder that is removed after the test. */
export function layOut(stage: Stage): string {
  const folder = mkdtempSync(join(tmpdir(), "ecoman-image-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  installPackages(folder, stage.from !== "development");
  for (const copy of stage.copies) put(copy, folder);
  return folder;
}

function put({ stage, sources, target }: Copy, folder: string): void {
  if (stage !== undefined) return putMade(sources, target, folder);
  for (const source of sources) {
    const files = filesIn(source);
    if (files.length === 0) throw new Error(`COPY ${source}: nothing of it passes .dockerignore.`);
    for (const file of files) {
      const inside =
        file === source ? join(target, file.split("/").at(-1) ?? "") : join(target, file.slice(source.length));
      mkdirSync(dirname(join(folder, inside)), { recursive: true });
      cpSync(join(projectRoot, file), join(folder, inside));
    }
  }
}

/** What another stage made is taken from where it is made here; packages are there already. */
function putMade(sources: readonly string[], target: string, folder: string): void {
  const [source = ""] = sources.map((path) => path.replace(/^\/app\//, ""));
  if (source === "node_modules") return;
  cpSync(join(projectRoot, source), join(folder, target), { recursive: true });
}

/** Links to the packages that `npm ci` would install, `--omit=dev --omit=optional` where nothing is developed there. */
function installPackages(folder: string, lean: boolean): void {
  const lock = JSON.parse(readFileSync(join(projectRoot, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { dev?: true; optional?: true; devOptional?: true }>>;
  };
  if (!stageOf("packages").copies.some(({ sources }) => sources.includes("package-lock.json")))
    throw new Error("The stage of packages has no lock file.");
  for (const [path, { dev, optional, devOptional }] of Object.entries(lock.packages)) {
    const isTop = path.startsWith("node_modules/") && path.lastIndexOf("node_modules/") === 0;
    const left = lean && (dev ?? optional ?? devOptional);
    if (!isTop || left || !existsSync(join(projectRoot, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(projectRoot, path), join(folder, path));
  }
}
