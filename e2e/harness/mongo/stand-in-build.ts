/** Builds e2e/mongo-standin/ with Maven. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { builtOnce } from "./built-once.ts";
import type { NotHere } from "./running.ts";

const home = join(import.meta.dirname, "../../mongo-standin");
const sources = ["pom.xml", "src/main/java/MongoStandIn.java"];
/** The first build downloads some megabytes. */
const patienceMs = 180_000;

export interface Built {
  /** Has `classes/` and `dependency/`. */
  readonly folder: string;
}

export async function builtStandIn(): Promise<Built | NotHere> {
  // What Maven has already is enough, mostly; without network it would otherwise wait for one.
  const build = (folder: string) => maven(folder, ["--offline"]).catch(() => maven(folder, []));
  try {
    return { folder: await builtOnce({ home, sources, build }) };
  } catch (thrown) {
    return { notHere: `Maven could not build the stand-in: ${lastWords(thrown)}` };
  }
}

async function maven(folder: string, options: readonly string[]): Promise<void> {
  const goals = ["compile", "dependency:copy-dependencies"];
  const args = ["--batch-mode", "--quiet", "--no-transfer-progress", ...options, `-Dbuilt.in=${folder}`, ...goals];
  await promisify(execFile)("mvn", args, { cwd: home, timeout: patienceMs });
}

/** Maven says what went wrong first, on stdout, and then how to learn more. */
function lastWords(thrown: unknown): string {
  const { stdout = "", message } = thrown as Error & { stdout?: string };
  const firstError = stdout.split("\n").find((line) => line.includes("ERROR"));
  return firstError?.replace(/.*ERROR\]\s*/, "") ?? message;
}
