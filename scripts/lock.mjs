/** Lets one command at a time do a work in this folder. Plain JavaScript, as setup.mjs needs it. */
import { createHash } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const patienceMs = 15 * 60 * 1000;

/**
 * Two commands at once must not both do the same work: the second waits here, and finds it done.
 * @param {{ name: string, doing: string }} work `doing` is what the other command is said to be doing
 * @returns {() => void} gives the lock back
 */
export function lock(work) {
  const name = createHash("sha256").update(`${root} ${userInfo().username}`).digest("hex").slice(0, 16);
  const file = join(tmpdir(), `ecoman-${work.name}-${name}.lock`);
  const deadline = Date.now() + patienceMs;
  let told = false;
  while (!tryLock(file)) {
    const holder = readHolder(file);
    if (isStale(holder)) steal(file, holder);
    else {
      if (!told) say(`Another command is ${work.doing}; waiting for it …`);
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

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
