import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { onPath } from "./on-path.ts";
import type { NotHere, RunningMongo } from "./running.ts";
import { builtStandIn } from "./stand-in-build.ts";

/** Quick to start, and small: it is there for the length of a test run. */
const jvmOptions = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g"];
const startsWithinMs = 20_000;

/** mongo-java-server, which speaks MongoDB's wire protocol and keeps all in memory. */
export async function standIn(): Promise<RunningMongo | NotHere> {
  const missing = ["java", "javac", "mvn"].filter((command) => onPath(command) === undefined);
  if (missing.length > 0) return { notHere: `no ${missing.join(", no ")} for the stand-in written in Java` };
  const built = await builtStandIn();
  return "notHere" in built ? built : await start(built.folder);
}

async function start(folder: string): Promise<RunningMongo | NotHere> {
  const libraries = join(folder, "dependency");
  const classPath = [join(folder, "classes"), join(libraries, "*")].join(delimiter);
  // Its stdin is never written to: it ends when that ends, and so with this process at the latest.
  const child = spawn("java", [...jvmOptions, "-cp", classPath, "MongoStandIn"], { stdio: ["pipe", "pipe", "pipe"] });
  const started = await portOf(child);
  if (typeof started !== "number") return started;
  return {
    name: `mongo-java-server ${versionIn(libraries)} (a stand-in, not MongoDB)`,
    kind: "stand-in",
    url: `mongodb://127.0.0.1:${started}/`,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      // Nothing else may be left to do in this process.
      child.ref();
      child.stdin?.end();
      await exited;
    },
  };
}

/** The first line it prints. After that nothing of it keeps this process alive. */
async function portOf(child: ChildProcess): Promise<number | NotHere> {
  const said: string[] = [];
  const { resolve, promise } = Promise.withResolvers<number | NotHere>();
  const fail = (how: string) => resolve({ notHere: `the stand-in ${how}: ${said.join("").trim()}` });
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    fail(`did not start within ${startsWithinMs} ms`);
  }, startsWithinMs);
  child.once("error", (error) => fail(`did not start (${error.message})`));
  child.once("exit", (code) => fail(`ended with ${code}`));
  child.stderr?.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    if (/^\d+\s/.test(printed)) resolve(Number.parseInt(printed, 10));
  });
  const port = await promise;
  clearTimeout(timer);
  release(child);
  return port;
}

function release(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream !== null && "unref" in stream && typeof stream.unref === "function") stream.unref();
  }
}

function versionIn(libraries: string): string {
  const jars = readdirSync(libraries).map((name) => /^mongo-java-server-(\d.*)\.jar$/.exec(name)?.[1]);
  return jars.find((version) => version !== undefined) ?? "of unknown version";
}
