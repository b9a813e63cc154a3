/**
 * Builds the web client before a command runs, where its sources are newer than what was built; says nothing where they
 * are not. Like setup.mjs, which comes before it, it may run on the machine's own Node: plain JavaScript.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lock } from "./lock.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const client = join(root, "client");
/** What a build makes: no source, and the last of it to be written. */
const made = [join(client, "dist"), join(client, "gql")];
const lastMade = join(client, "dist", "index.html.br");
const around = ["schema.graphql", "codegen.ts", "vite.config.ts", "package-lock.json"].map((name) => join(root, name));

if (existsSync(join(client, "index.html")) && !isFresh()) {
  if (existsSync(join(root, "node_modules", "vite"))) buildOnce();
  // Installed to run, without what builds: an old client is then better than no start.
  else if (!existsSync(lastMade))
    say("The web client is not built, and what builds it is not installed: `npm ci && npm run build`.");
}

function buildOnce() {
  const unlock = lock({ name: "build", doing: "building the web client" });
  try {
    if (!isFresh()) build();
  } finally {
    unlock();
  }
}

function isFresh() {
  if (made.some((folder) => !existsSync(folder)) || !existsSync(lastMade)) return false;
  const madeAt = statSync(lastMade).mtimeMs;
  return [client, ...around].every((path) => isOlder(path, madeAt));
}

/** A folder counts too: it changes when a file in it is removed. */
function isOlder(path, madeAt) {
  if (made.includes(path) || !existsSync(path)) return true;
  const stats = statSync(path);
  if (stats.mtimeMs > madeAt) return false;
  return !stats.isDirectory() || readdirSync(path).every((name) => isOlder(join(path, name), madeAt));
}

function build() {
  say("Building the web client …");
  const started = Date.now();
  const { status, error } = runNpm(["run", "-s", "build"]);
  if (!error && status === 0) return say(`Built in ${Math.round((Date.now() - started) / 1000)} s.`);
  say(`The web client could not be built${error ? `: ${error.message}` : "; the messages stand above"}.`);
  // Whoever starts the server needs the API most of all; whoever develops is about to mend it.
  if (!["prestart", "predev"].includes(process.env.npm_lifecycle_event)) process.exit(1);
}

/** By npm, which finds the Node that was installed here. What it prints goes to stderr: stdout belongs to the command after. */
function runNpm(options) {
  const npm = process.env.npm_execpath;
  const stdio = ["ignore", 2, 2];
  if (npm && /^npm(-cli)?\.c?js$/.test(basename(npm))) {
    return spawnSync(process.execPath, [npm, ...options], { cwd: root, stdio });
  }
  return spawnSync("npm", options, { cwd: root, stdio, shell: process.platform === "win32" });
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
