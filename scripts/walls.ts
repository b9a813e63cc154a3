/** Finds what breaks the house rules that a program can see. Paths are from the project's root. */
import { posix } from "node:path";
import { type Room, rooms } from "./rooms.ts";
import { readSource, type Source } from "./source.ts";

/** path → text of every TypeScript file. */
export type Tree = ReadonlyMap<string, string>;

/** Files that may be longer than 300 lines, each with the reason. */
const longFiles: Readonly<Record<string, string>> = {};
const maxLines = 300;

/** One sentence per breach: where, what, and which door is the right one. Empty: the walls hold. */
export function findBreaches(tree: Tree): string[] {
  const sources = new Map(
    [...tree].map(([path, text]) => [path, readSource(text, path.endsWith(".tsx") ? "tsx" : "ts")] as const),
  );
  const each = [...sources].flatMap(([path, source]) => [
    ...importBreaches(path, source),
    ...shapeBreaches(path, source),
    ...shellBreaches(path, source),
  ]);
  return [...each, ...findCycles(sources)];
}

function importBreaches(path: string, source: Source): string[] {
  const room = roomOf(path);
  const isTest = testFile.test(path);
  if (isTest && !programs.test(path)) return [];
  if (room === undefined)
    return [`${path}: belongs to no room; give it one in scripts/rooms.ts, with what it may import`];
  return source.imports.flatMap(({ specifier, line }) => {
    const breach = (what: string) => [`${path}:${line}: must not import ${what}. The right door: ${room.door}`];
    if (specifier.startsWith("node:")) return nodeAllowed(path, specifier) ? [] : breach(specifier);
    if (!specifier.startsWith(".")) {
      return isTest || room.packages.some((name) => covers(name, specifier)) ? [] : breach(specifier);
    }
    const target = targetOf(path, specifier);
    return generated.test(target) || roomOf(target) === room || room.may.some((may) => may.test(target))
      ? []
      : breach(target);
  });
}

function roomOf(path: string): Room | undefined {
  return rooms.find(({ match }) => match.test(path));
}

const testFile = /\.(test|contract)\.ts$|\/(contract|testing)\/|\/test-[^/]+\.ts$/;
/** What two of them need together is tested in e2e/. */
const programs = /^(simulator|client)\//;

/** Made by the build from the client's operations: types and texts, which import nothing. */
const generated = /^client\/gql\//;

/** No program is started on the server's own machine, and only the store opens a database. */
function nodeAllowed(path: string, specifier: string): boolean {
  if (!path.startsWith("server/")) return true;
  if (specifier === "node:sqlite") return path.startsWith("server/store/");
  return specifier !== "node:child_process";
}

function covers(pattern: string, specifier: string): boolean {
  if (pattern.endsWith("*")) return specifier.startsWith(pattern.slice(0, -1));
  return specifier === pattern || specifier.startsWith(`${pattern}/`);
}

function targetOf(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

function shapeBreaches(path: string, { lines }: Source): string[] {
  const breaches: string[] = [];
  if (/(^|\/)(utils?|helpers?|misc|common)(\.tsx?|\/|-)/.test(path)) {
    breaches.push(`${path}: a drawer for everything; name the file after the one concept it holds`);
  }
  if (lines > maxLines && longFiles[path] === undefined) {
    breaches.push(`${path}: ${lines} lines, at most ${maxLines}; split it, or give the reason in scripts/walls.ts`);
  }
  return breaches;
}

/** As far as it can be seen in the text: a command line with values in it, or quoting by hand. */
function shellBreaches(path: string, { texts }: Source): string[] {
  if (!path.startsWith("server/") || testFile.test(path) || path === "server/esxi/quote.ts") return [];
  return texts.flatMap(({ text, filled, line }) => {
    const byHand = text.includes(String.raw`'\''`) || (filled && !scripts.test(path) && commandWithValues.test(text));
    return byHand ? [`${path}:${line}: makes a shell line by hand; only esxi/quote.ts turns words into one`] : [];
  });
}

/** Their templates hold words that went through quote.ts. */
const scripts = /^server\/esxi\/commands\//;
/** A command with its first word, where a line may begin: a sentence that only names one is no command line. */
const commandWithValues =
  /(^|[;&|(\n]\s*)(vim-cmd [a-z]+\/|esxcli (--|[a-z]+ [a-z]+ )|localcli |vmkfstools -|sh -)[^]*\$\{/;

function findCycles(sources: ReadonlyMap<string, Source>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  function walk(path: string, trail: readonly string[]): void {
    if (trail.includes(path)) {
      const circle = [...trail.slice(trail.indexOf(path)), path].join(" → ");
      cycles.push(`${circle}: a circle; move what both need below them`);
      return;
    }
    if (done.has(path)) return;
    for (const { specifier } of sources.get(path)?.imports ?? []) {
      if (specifier.startsWith(".")) walk(targetOf(path, specifier), [...trail, path]);
    }
    done.add(path);
  }
  for (const path of sources.keys()) walk(path, []);
  return cycles;
}
