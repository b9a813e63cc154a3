/**
 * Installs what is missing before a command runs, and says nothing where nothing is missing.
 *
 * It runs on the machine's own Node, which may be as old as 16: plain JavaScript, no dependency. npm has put node_modules/.bin
 * first in PATH before this runs, so the command after it finds the Node that was installed here.
 */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lock } from "./lock.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const needed = { major: 24, minor: 12 };
const ownNode = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
const platformsWithNode = ["linux-x64", "linux-arm64", "win32-x64"];

if (!isReady()) {
  requireAnyNode();
  const unlock = lock({ name: "setup", doing: "installing" });
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
