/** Builds e2e/mongo-ferretdb/ with Go. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { onPath } from "../on-path.ts";
import { builtOnce } from "./built-once.ts";
import { isDownloadWanted } from "./download.ts";
import type { NotHere } from "./running.ts";

const home = join(import.meta.dirname, "../../mongo-ferretdb");
const sources = ["go.mod", "go.sum", "main.go"];
/** The first build on a machine downloads and compiles some sixty modules: a minute on two cores. */
const patienceMs = 300_000;

export interface BuiltFerretdb {
  readonly program: string;
  /** FerretDB's. It does not tell its own where it is part of another program. */
  readonly version: string;
}

/** Where Go lacks its modules, they are downloaded only for somebody who asked: they are some hundred megabytes. */
export async function builtFerretdb(): Promise<BuiltFerretdb | NotHere> {
  if (onPath("go") === undefined) return { notHere: "no go, with which FerretDB is built" };
  const build = (folder: string) => compile(folder, { GOPROXY: "off" }).catch(ifAsked(() => compile(folder, {})));
  try {
    const folder = await builtOnce({ home, sources, build });
    return { program: join(folder, "ferretdb"), version: version() };
  } catch (thrown) {
    const { stderr = "", message } = thrown as Error & { stderr?: string };
    return { notHere: `Go could not build FerretDB: ${reasonIn(stderr) ?? message}` };
  }
}

function ifAsked(again: () => Promise<void>): (thrown: unknown) => Promise<void> {
  return async (thrown) => {
    if (process.env["MONGODB_TEST_SERVER"] === "ferretdb" || isDownloadWanted()) return await again();
    throw thrown;
  };
}

async function compile(folder: string, settings: NodeJS.ProcessEnv): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", ...settings };
  // Neither PostgreSQL's part nor what a debugger would want.
  const args = ["build", "-tags", "ferretdb_no_postgresql", "-ldflags", "-s -w", "-o", join(folder, "ferretdb"), "."];
  await promisify(execFile)("go", args, { cwd: home, env, timeout: patienceMs });
}

function version(): string {
  const module = readFileSync(join(home, "go.mod"), "utf8");
  return /FerretDB\/FerretDB v(\S+)/.exec(module)?.[1] ?? "of unknown version";
}

function reasonIn(said: string): string | undefined {
  return said.split("\n").find((line) => line.trim() !== "" && !line.startsWith("go: downloading"));
}
