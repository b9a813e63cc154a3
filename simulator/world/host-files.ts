/**
 * The host's files as its commands meet them: volumes run full, mounts go away, running VMs hold theirs, nothing is written into a
 * folder that is not there, and a datastore's name leads to its UUID. `world.files` is the same without all this, for tests.
 */
import { posix } from "node:path";
import type { InMemoryFs } from "just-bash";
import type { FileErrorCode } from "./file-error.ts";
import { fileError } from "./file-error.ts";
import type { FileUse } from "./locks.ts";
import { isHeld } from "./locks.ts";
import { folderBytes, heldBy, take, takeAll, volumeOf } from "./space.ts";
import { pathOf } from "./vm.ts";
import type { World } from "./world.ts";
import { canonicalPath } from "./world.ts";

export type HostFiles = InMemoryFs;

type Method = (...given: readonly unknown[]) => unknown;

export function createHostFiles(world: World): HostFiles {
  const overrides = { ...readers(world), ...writers(world) };
  return new Proxy(world.files, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || typeof name !== "string") return member;
      const own = overrides[name];
      if (own !== undefined) return own;
      const original = member.bind(target) as Method;
      if (name === "readlink" || name === "resolvePath") return original;
      return (path: unknown, ...rest: readonly unknown[]) => original(followed(world, path), ...rest);
    },
  });
}

function followed(world: World, path: unknown): unknown {
  return typeof path === "string" && path.startsWith("/") ? canonicalPath(world, path) : path;
}

/** Throws what forbids this use of the file. */
export function checkUse(world: World, path: string, use: FileUse): void {
  const mount = volumeOf(world, path)?.mount ?? "writable";
  const refused: FileErrorCode | null =
    mount === "dead"
      ? "EIO"
      : mount === "read-only" && use !== "read"
        ? "EROFS"
        : isHeld(world, path, use)
          ? "EBUSY"
          : null;
  if (refused !== null) throw fileError(refused);
}

function readers(world: World): Record<string, Method> {
  const { files } = world;
  const reading =
    <T>(read: (path: string, options: never) => Promise<T>): Method =>
    async (given, options) => {
      const path = canonicalPath(world, String(given));
      checkUse(world, path, "read");
      return read(path, options as never);
    };
  const sized =
    (name: "stat" | "lstat"): Method =>
    async (given) => {
      const path =
        name === "lstat" && isVolumeLink(world, String(given)) ? String(given) : canonicalPath(world, String(given));
      const info = await files[name](path);
      if (volumeOf(world, path)?.mount === "dead") throw fileError("EIO");
      const extent = world.extents.get(path);
      return extent === undefined ? info : { ...info, size: extent.size };
    };
  return {
    readFile: reading((path, options) => files.readFile(path, options)),
    readFileBytes: reading((path) => files.readFileBytes(path)),
    readFileBuffer: reading((path) => files.readFileBuffer(path)),
    readdir: reading((path) => files.readdir(path)),
    readdirWithFileTypes: reading((path) => files.readdirWithFileTypes(path)),
    stat: sized("stat"),
    lstat: sized("lstat"),
    exists: async (given) => {
      const path = canonicalPath(world, String(given));
      return volumeOf(world, path)?.mount !== "dead" && files.exists(path);
    },
  };
}

function isVolumeLink(world: World, path: string): boolean {
  return world.datastores.some((each) => path === `/vmfs/volumes/${each.name}`);
}

function writers(world: World): Record<string, Method> {
  const { files } = world;
  const write =
    (append: boolean): Method =>
    async (given, content, options) => {
      const path = canonicalPath(world, String(given));
      checkUse(world, path, "write");
      await checkParent(world, path);
      const bytes = toBytes(content, options);
      const before = append ? 0 : await heldBy(world, path);
      const taken = take(volumeOf(world, path), bytes.length - before);
      world.extents.delete(path);
      const fits = bytes.subarray(0, before + taken);
      await (append ? files.appendFile(path, fits) : files.writeFile(path, fits));
      if (fits.length < bytes.length) throw fileError("ENOSPC");
    };
  return {
    writeFile: write(false),
    appendFile: write(true),
    mkdir: async (given, options) => {
      const path = canonicalPath(world, String(given));
      checkUse(world, path, "write");
      if (await files.exists(path)) return files.mkdir(path, options as never);
      takeAll(volumeOf(world, path), folderBytes);
      return files.mkdir(path, options as never);
    },
    rm: async (given, options) => {
      const path = canonicalPath(world, String(given));
      for (const each of pathsUnder(world, path)) checkUse(world, each, "remove");
      await giveBack(world, path, () => files.rm(path, options as never));
      noticeLostVmx(world, path);
    },
    mv: async (given, target) => {
      const [from, to] = [canonicalPath(world, String(given)), canonicalPath(world, String(target))];
      for (const each of pathsUnder(world, from)) checkUse(world, each, "remove");
      checkUse(world, to, "write");
      await checkParent(world, to);
      await move(world, from, to);
      noticeLostVmx(world, from);
    },
    cp: async (given, target, options) => {
      const [from, to] = [canonicalPath(world, String(given)), canonicalPath(world, String(target))];
      checkUse(world, from, "read");
      checkUse(world, to, "write");
      takeAll(volumeOf(world, to), await heldUnder(world, from));
      return files.cp(from, to, options as never);
    },
  };
}

async function checkParent(world: World, path: string): Promise<void> {
  const parent = posix.dirname(path);
  if (!(await world.files.exists(parent)) || !(await world.files.stat(parent)).isDirectory) throw fileError("ENOENT");
}

/** The path itself and all that lies below it. */
function pathsUnder(world: World, path: string): string[] {
  return world.files.getAllPaths().filter((each) => each === path || each.startsWith(`${path}/`));
}

async function heldUnder(world: World, path: string): Promise<number> {
  let sum = 0;
  for (const each of pathsUnder(world, path)) sum += await heldBy(world, each);
  return sum;
}

async function giveBack(world: World, path: string, remove: () => Promise<void>): Promise<void> {
  const held = await heldUnder(world, path);
  const gone = pathsUnder(world, path);
  await remove();
  take(volumeOf(world, path), -held);
  for (const each of gone) world.extents.delete(each);
}

async function move(world: World, from: string, to: string): Promise<void> {
  const held = await heldUnder(world, from);
  const [source, target] = [volumeOf(world, from), volumeOf(world, to)];
  if (source !== target) takeAll(target, held);
  const replaced = await heldBy(world, to);
  const moved = pathsUnder(world, from).map((each) => [each, world.extents.get(each)] as const);
  await world.files.mv(from, to);
  take(target, -replaced);
  if (source !== target) take(source, -held);
  world.extents.delete(to);
  for (const [each, extent] of moved) {
    world.extents.delete(each);
    if (extent !== undefined) world.extents.set(to + each.slice(from.length), extent);
  }
}

/** hostd can't load a VM whose .vmx is gone. */
function noticeLostVmx(world: World, path: string): void {
  for (const vm of world.vms) if (pathOf(vm) === path || pathOf(vm).startsWith(`${path}/`)) vm.invalid = true;
}

/** Encodings are just-bash's: `binary` is a byte a character. */
export function toBytes(content: unknown, options: unknown): Buffer {
  if (typeof content !== "string") return Buffer.from(content as Uint8Array);
  const encoding =
    typeof options === "object" && options !== null && "encoding" in options ? options.encoding : options;
  return Buffer.from(content, encoding === "binary" || encoding === "latin1" ? "latin1" : "utf8");
}
