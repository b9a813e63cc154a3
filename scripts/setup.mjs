/**
 * Installs what is missing before a command runs, and says nothing where nothing is missing.
 *
 * It runs on the machine's own Node, which may be as old as 16: plain JavaScript, no dependency. npm has put node_modules/.bin
 * first in PATH before this runs, so the command after it finds the Node that was installed here.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const needed = { major: 24, minor: 12 };
const ownNode = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
const platformsWithNode = ["linux-x64", "linux-arm64", "win32-x64"];
const patienceMs = 15 * 60 * 1000;

if (!isReady()) {
  requireAnyNode();
  const unlock = lock();
  try {
    if (!isReady()) install();
  } finally {
    unlock();
  }
  if (!hasFittingNode()) fail(noFittingNode());
}

function isReady() {
  return isInstalled() && hasFittingNode();
}

/** npm writes its hidden lock file last, so an install that was cut short does not count. */
function isInstalled() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs) return false;
  const runsTheServerOnly = process.env.npm_lifecycle_event === "prestart";
  return runsTheServerOnly || existsSync(join(root, "node_modules", "vitest"));
}

function hasFittingNode() {
  return fits(process.versions.node) || fits(versionOfOwnNode());
}

function versionOfOwnNode() {
  if (!existsSync(ownNode)) return "";
  const { stdout, error } = spawnSync(ownNode, ["--version"], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return error || !stdout ? "" : stdout.trim().slice(1);
}

function fits(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > needed.major || (major === needed.major && minor >= needed.minor);
}

/** Nothing is installed where it would be in vain. */
function requireAnyNode() {
  const platform = `${process.platform}-${process.arch}`;
  if (!fits(process.versions.node) && !platformsWithNode.includes(platform)) fail(noFittingNode());
}

function install() {
  say("Installing what is missing (about a minute, once) …");
  const started = Date.now();
  // Development tools and the Node package are asked for by name: NODE_ENV or a user's .npmrc may leave them out.
  const options = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--include=dev", "--include=optional"];
  const { status, error } = runNpm(options);
  if (error) fail(`npm could not be started: ${error.message}`);
  if (status !== 0) fail("npm ci failed; its messages stand above. Is the npm registry reachable from here?");
  // A Node that does not run here (musl, an old glibc) would stand before the machine's own in PATH.
  if (existsSync(ownNode) && versionOfOwnNode() === "") rmSync(ownNode, { force: true });
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** What npm prints goes to stderr: stdout belongs to the command that comes after. */
function runNpm(options) {
  const npm = process.env.npm_execpath;
  const stdio = ["ignore", 2, 2];
  if (npm && /^npm(-cli)?\.c?js$/.test(basename(npm))) {
    return spawnSync(process.execPath, [npm, ...options], { cwd: root, stdio });
  }
  return spawnSync("npm", options, { cwd: root, stdio, shell: process.platform === "win32" });
}

/** Two commands at once must not both install: the second waits, and finds the work done. @returns {() => void} */
function lock() {
  const name = createHash("sha256").update(`${root} ${userInfo().username}`).digest("hex").slice(0, 16);
  const file = join(tmpdir(), `ecoman-setup-${name}.lock`);
  const deadline = Date.now() + patienceMs;
  let told = false;
  while (!tryLock(file)) {
    const holder = readHolder(file);
    if (isStale(holder)) steal(file, holder);
    else {
      if (!told) say("Another command is installing; waiting for it …");
      told = true;
      if (Date.now() > deadline) fail(`Waited 15 minutes for process ${holder.pid}. If it is stuck, remove ${file}`);
      sleep(200);
    }
  }
  process.on("exit", () => release(file));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
  return () => release(file);
}

function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(file) {
  try {
    return { pid: Number(readFileSync(file, "utf8")), ageMs: Date.now() - statSync(file).mtimeMs };
  } catch {
    return undefined;
  }
}

/** Its process is gone; or it never wrote its number; or it is older than any install. */
function isStale(holder) {
  if (holder === undefined) return false;
  if (!Number.isInteger(holder.pid) || holder.pid <= 0) return holder.ageMs > 5000;
  if (holder.ageMs > patienceMs) return true;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** Moves the stale lock away first: of two that try, one gets it; a fresh lock taken by mistake is put back. */
function steal(file, holder) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (Number(readFileSync(aside, "utf8")) !== holder.pid) linkSync(aside, file);
  } catch {
    // Another command was faster: the next turn of the loop sees what it left.
  }
  rmSync(aside, { force: true });
}

function release(file) {
  const holder = readHolder(file);
  if (holder !== undefined && holder.pid === process.pid) rmSync(file, { force: true });
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function noFittingNode() {
  return [
    `ECoMan needs Node ${needed.major}.${needed.minor} or newer; this is ${process.version} on ${process.platform}-${process.arch},`,
    "and no Node from the npm registry runs here. Install one (https://nodejs.org, `brew install node`,",
    "or your system's packages), then run the same command again.",
  ].join("\n");
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
