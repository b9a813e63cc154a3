/**
 * How much script each page of the built client loads, gzip: its own and what it imports, before anybody clicks.
 * `--quiet`: says something only where the list page loads more than it may.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const assets = fileURLToPath(new URL("../client/dist/assets", import.meta.url));
const listLimit = 60_000;
const isQuiet = process.argv.includes("--quiet");

const files = readdirSync(assets).filter((name) => name.endsWith(".js"));
const texts = new Map(files.map((name) => [name, readFileSync(join(assets, name), "utf8")]));
const sizes = new Map([...texts].map(([name, text]) => [name, gzipSync(text, { level: 9 }).length]));

/** A file and what it imports statically. */
function closure(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const imports = (texts.get(name) ?? "").matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g);
  for (const [, imported = ""] of imports) closure(basename(imported), found);
  return found;
}

function sizeOf(names: Iterable<string>): number {
  return [...names].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
}

const entry = files.find((name) => name.startsWith("index-"));
if (entry === undefined) throw new Error("client/dist is not built: run `npm run build`");
const shared = closure(entry);
for (const page of files.filter((name) => name.includes("-page-")).toSorted()) {
  const all = new Set([...shared, ...closure(page)]);
  const name = page.replace(/-page-.*/, "");
  if (!isQuiet)
    console.log(`${name.padEnd(12)} ${(sizeOf(all) / 1000).toFixed(1)} kB gzip of script at the first load`);
  if (name === "vms" && sizeOf(all) > listLimit) {
    console.error(`The list page may load ${listLimit / 1000} kB at most.`);
    process.exitCode = 1;
  }
}
