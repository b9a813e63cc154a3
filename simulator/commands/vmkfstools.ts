/**
 * `vmkfstools -c SIZE [-d FORMAT] FILE` and `vmkfstools -U FILE`. The numbers in the messages are those of the host's disk library;
 * the texts for 39, 16392, 13, 15 and 25 are known from reports, the rest are guesses. All failures exit with 255.
 */
import { posix } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DiskShape } from "../world/disk.ts";
import { beginDescriptor, createExtent, descriptorText, isDescriptor, removeDisk } from "../world/disk.ts";
import { codeOf } from "../world/file-error.ts";
import { extentOf, isDiskLocked } from "../world/locks.ts";
import { takeAll, volumeOf } from "../world/space.ts";
import type { World } from "../world/world.ts";
import { canonicalPath } from "../world/world.ts";
import type { CommandResult, HostCommand, Running } from "./command.ts";
import { failed, ok } from "./command.ts";

export const vmkfstools: HostCommand = async (words, world, running) => {
  const given = words.at(-1) ?? "";
  if (!given.startsWith("/")) return failed(255, "Usage: vmkfstools -c SIZE [-d FORMAT] FILE | -U FILE\n");
  const path = canonicalPath(world, posix.normalize(given));
  const size = optionOf(words, "-c");
  if (size !== undefined) return create({ ...shapeOf(words, world), path, bytes: bytesOf(size) }, { world, running });
  if (words.includes("-U")) return remove(path, world);
  return failed(255, "vmkfstools: only -c and -U are known here\n");
};

function optionOf(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at === -1 ? undefined : words[at + 1];
}

/** `30G`, `512M`, `1048576K`, or bytes; NaN for anything else. */
function bytesOf(size: string): number {
  const match = /^(\d{1,12})([kmgt]?)b?$/i.exec(size);
  if (!match) return Number.NaN;
  return Number(match[1]) * 1024 ** "_kmgt".indexOf((match[2] || "_").toLowerCase());
}

const formats = ["thin", "zeroedthick", "eagerzeroedthick"];

function shapeOf(words: readonly string[], world: World): Omit<DiskShape, "path" | "bytes"> {
  const format = optionOf(words, "-d") ?? "zeroedthick";
  return {
    thin: format === "thin",
    adapter: formats.includes(format) ? (optionOf(words, "-a") ?? "lsilogic") : "",
    hardwareVersion: world.release.hardware,
    uuid: `6000c29${world.random.hex(25)}`,
  };
}

interface Making {
  readonly world: World;
  readonly running: Running;
}

const largest = 62 * 1024 ** 4;

async function create(disk: DiskShape, making: Making): Promise<CommandResult> {
  const { world } = making;
  const reason = await refusal(disk, world);
  if (reason !== null) return failure("create", reason);
  const held = [disk.path, extentOf(disk.path)];
  try {
    await createExtent(world, disk);
    await beginDescriptor(world, disk);
    for (const path of held) world.held.add(path);
    await makeProgress(disk, making);
  } catch (error) {
    return failure("create", reasonOf(error), "\n");
  } finally {
    for (const path of held) world.held.delete(path);
  }
  return finish(disk, making);
}

async function refusal({ path, bytes, adapter }: DiskShape, world: World): Promise<string | null> {
  if (adapter === "") return "Invalid disk format. (1)";
  if (!(bytes >= 1024 ** 2)) return "One of the parameters supplied is invalid (1)";
  if (!path.endsWith(".vmdk")) return "The file name is not valid (7)";
  const parent = posix.dirname(path);
  const mount = volumeOf(world, path)?.mount;
  if (mount === "dead") return "Input/output error (327689)";
  if (mount === "read-only") return "Read-only file system (1966089)";
  if (!(await world.files.exists(parent))) return "The system cannot find the file specified (25)";
  if (isDiskLocked(world, path)) return "Failed to lock the file (16392)";
  for (const each of [path, extentOf(path)]) if (await world.files.exists(each)) return "The file already exists (39)";
  return bytes > largest ? "The destination file system does not support large files (12)" : null;
}

const steps = 10;

/** One line, rewritten with CR. Each step takes a little room for a while, so that a volume can run full in mid-way. */
async function makeProgress({ path }: DiskShape, { world, running }: Making): Promise<void> {
  const volume = volumeOf(world, path);
  let taken = 0;
  try {
    for (let step = 1; step <= steps; step += 1) {
      await pause(world.timing.diskMs / steps, running.signal);
      if (step === steps / 2) await running.midway();
      if (running.signal.aborted) throw new Error("Killed");
      if (step === steps) return;
      takeAll(volume, 1);
      taken += 1;
      await running.emit(`Create: ${step * (100 / steps)}% done.\r`);
    }
  } finally {
    if (volume !== null) volume.freeBytes += taken;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
}

async function finish(disk: DiskShape, { world, running }: Making): Promise<CommandResult> {
  try {
    await world.hostFiles.writeFile(disk.path, descriptorText(disk));
  } catch (error) {
    return failure("create", reasonOf(error), "\n");
  }
  await running.emit("Create: 100% done.\n");
  return ok();
}

async function remove(path: string, world: World): Promise<CommandResult> {
  if (isDiskLocked(world, path)) return failure("delete", "Failed to lock the file (16392)");
  try {
    if (!(await world.hostFiles.exists(path)))
      return failure("delete", "The system cannot find the file specified (25)");
    if (!(await isDescriptor(world, path))) return failure("delete", "The file specified is not a virtual disk (15)");
    await removeDisk(world, path);
    return ok();
  } catch (error) {
    return failure("delete", reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === "ENOSPC") return "There is not enough space on the file system for the selected operation (13)";
  if (code === "EBUSY") return "Failed to lock the file (16392)";
  if (code === "ENOENT") return "The system cannot find the file specified (25)";
  return `${error instanceof Error ? error.message : "unknown"} (1)`;
}

/** `lineEnd` closes a line of progress that stands open. */
function failure(verb: "create" | "delete", reason: string, lineEnd = ""): CommandResult {
  return failed(255, `Failed to ${verb} virtual disk: ${reason}.\n`, lineEnd);
}
