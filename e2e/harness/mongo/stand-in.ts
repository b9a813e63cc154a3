import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { onPath } from "../on-path.ts";
import { startDatabaseProcess } from "./database-process.ts";
import type { NotHere, RunningMongo } from "./running.ts";
import { builtStandIn } from "./stand-in-build.ts";

/** Quick to start, and small: it is there for the length of a test run. */
const jvmOptions = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g"];

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
  const started = await startDatabaseProcess("java", [...jvmOptions, "-cp", classPath, "MongoStandIn"]);
  if ("notHere" in started) return started;
  return {
    name: `mongo-java-server ${versionIn(libraries)} (a stand-in, not MongoDB)`,
    kind: "stand-in",
    url: `mongodb://127.0.0.1:${started.firstLine.trim()}/`,
    end: () => started.end(),
  };
}

function versionIn(libraries: string): string {
  const jars = readdirSync(libraries).map((name) => /^mongo-java-server-(\d.*)\.jar$/.exec(name)?.[1]);
  return jars.find((version) => version !== undefined) ?? "of unknown version";
}
