/** The Dockerfile's stages, and what .dockerignore lets through to them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { projectRoot } from "../harness/commands.ts";

export interface Stage {
  readonly name: string;
  /** An image, or another stage. */
  readonly from: string;
  readonly env: Readonly<Record<string, string>>;
  readonly copies: readonly Copy[];
  readonly user: string;
  readonly cmd: readonly string[];
  readonly healthcheck: readonly string[];
}

export interface Copy {
  /** The stage it comes from; undefined: the project's folder. */
  readonly stage: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

/** The last one, whose name is "", is what `docker build` makes unless another one is named. */
export function readStages(): Stage[] {
  const text = readFileSync(join(projectRoot, "Dockerfile"), "utf8");
  const lines = text
    .replaceAll(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const starts = lines.flatMap((line, index) => (line.startsWith("FROM ") ? [index] : []));
  return starts.map((start, index) => readStage(lines.slice(start, starts[index + 1])));
}

export function stageOf(name: string): Stage {
  const found = readStages().find((stage) => stage.name === name);
  if (found === undefined) throw new Error(`The Dockerfile has no stage ${name}.`);
  return found;
}

function readStage([first = "", ...lines]: readonly string[]): Stage {
  const [, from = "", name = ""] = /^FROM (\S+)(?: AS (\S+))?$/.exec(first) ?? [];
  const after = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length));
  const pairs = after("ENV").flatMap((line) => line.trim().split(/\s+/));
  return {
    name,
    from,
    env: Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s))) as Record<string, string>,
    copies: after("COPY").map(readCopy),
    user: after("USER").join("").trim(),
    cmd: words(after("CMD").join("")),
    healthcheck: words(after("HEALTHCHECK").join("").split(" CMD ")[1] ?? ""),
  };
}

function readCopy(line: string): Copy {
  const parts = line.trim().split(/\s+/);
  const stage = /^--from=(.*)$/.exec(parts[0] ?? "")?.[1];
  const [target = "", ...sources] = parts.slice(stage === undefined ? 0 : 1).toReversed();
  return { stage, sources: sources.toReversed(), target };
}

/** The form that starts no shell, which would keep signals to itself; anything else is nothing. */
function words(text: string): readonly string[] {
  return text.trim().startsWith("[") ? (JSON.parse(text) as string[]) : [];
}

/** The project's files at or below `path` that reach the build, by their paths from the root. */
export function filesIn(path: string): string[] {
  const whole = join(projectRoot, path);
  if (!statSync(whole).isDirectory()) return isSent(path) ? [path] : [];
  return readdirSync(whole).flatMap((name) => filesIn(`${path}/${name}`));
}

/** The last pattern that covers a path decides. */
function isSent(path: string): boolean {
  const patterns = readFileSync(join(projectRoot, ".dockerignore"), "utf8").split("\n").filter(Boolean);
  const deciding = patterns.findLast((line) => {
    const pattern = line.replace(/^!/, "");
    return matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`);
  });
  return deciding === undefined || deciding.startsWith("!");
}
