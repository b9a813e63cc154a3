/** Builds e2e/mongo-standin/ with Maven, once for each state of its sources. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { NotHere } from "./running.ts";

const home = join(import.meta.dirname, "../../mongo-standin");
const target = join(home, "target");
const sources = ["pom.xml", "src/main/java/MongoStandIn.java"];
/** The first build downloads some megabytes. */
const patienceMs = 180_000;

export interface Built {
  /** Has `classes/` and `dependency/`. */
  readonly folder: string;
}

export async function builtStandIn(): Promise<Built | NotHere> {
  const folder = join(target, fingerprint());
  if (existsSync(folder)) return { folder };
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(target, { recursive: true });
  try {
    // What Maven has already is enough, mostly; without network it would otherwise wait for one.
    await maven(unfinished, ["--offline"]).catch(() => maven(unfinished, []));
    await rename(unfinished, folder).catch((thrown: unknown) => failUnlessThere(folder, thrown));
    return { folder };
  } catch (thrown) {
    return { notHere: `Maven could not build the stand-in: ${lastWords(thrown)}` };
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const source of sources) hash.update(readFileSync(join(home, source)));
  return hash.digest("hex").slice(0, 16);
}

async function maven(folder: string, options: readonly string[]): Promise<void> {
  const goals = ["compile", "dependency:copy-dependencies"];
  const args = ["--batch-mode", "--quiet", "--no-transfer-progress", ...options, `-Dbuilt.in=${folder}`, ...goals];
  await promisify(execFile)("mvn", args, { cwd: home, timeout: patienceMs });
}

/** Another run that built at the same time may have been first. */
function failUnlessThere(folder: string, thrown: unknown): void {
  if (!existsSync(folder)) throw thrown;
}

/** Maven says what went wrong first, on stdout, and then how to learn more. */
function lastWords(thrown: unknown): string {
  const { stdout = "", message } = thrown as Error & { stdout?: string };
  const firstError = stdout.split("\n").find((line) => line.includes("ERROR"));
  return firstError?.replace(/.*ERROR\]\s*/, "") ?? message;
}
