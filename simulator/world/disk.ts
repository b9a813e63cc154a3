/** A virtual disk: a descriptor, `NAME.vmdk`, and an extent with the data, `NAME-flat.vmdk`. */
import { posix } from "node:path";
import { fileError } from "./file-error.ts";
import { checkUse } from "./host-files.ts";
import { extentOf } from "./locks.ts";
import { takeAll, volumeOf } from "./space.ts";
import type { World } from "./world.ts";

export interface DiskShape {
  /** Absolute, canonical, ends in .vmdk. */
  readonly path: string;
  readonly bytes: number;
  readonly thin: boolean;
  /** lsilogic, buslogic, ide. */
  readonly adapter: string;
  readonly hardwareVersion: string;
  /** 32 hex digits. */
  readonly uuid: string;
}

const head = "# Disk DescriptorFile\nversion=1\n";

export function descriptorText({ path, bytes, thin, adapter, hardwareVersion, uuid }: DiskShape): string {
  const sectors = Math.ceil(bytes / 512);
  const pairs = uuid.match(/../g) ?? [];
  const database = [
    ["adapterType", adapter],
    ["geometry.cylinders", String(Math.min(65_535, Math.floor(sectors / (255 * 63))))],
    ["geometry.heads", "255"],
    ["geometry.sectors", "63"],
    ["longContentID", `${uuid.slice(0, 24)}fffffffe`],
    ...(thin ? [["thinProvisioned", "1"]] : []),
    ["uuid", `${pairs.slice(0, 8).join(" ")}-${pairs.slice(8).join(" ")}`],
    ["virtualHWVersion", hardwareVersion.replace("vmx-", "")],
  ];
  return (
    `${head}encoding="UTF-8"\nCID=fffffffe\nparentCID=ffffffff\ncreateType="vmfs"\n\n` +
    `# Extent description\nRW ${sectors} VMFS "${posix.basename(extentOf(path))}"\n\n# The Disk Data Base\n#DDB\n\n` +
    database.map(([key, value]) => `ddb.${key} = "${value}"\n`).join("")
  );
}

/** The extent's text is only a word about it; `stat` says the disk's size. */
export async function createExtent(world: World, disk: DiskShape): Promise<void> {
  const path = extentOf(disk.path);
  const held = disk.thin ? 0 : disk.bytes;
  await world.hostFiles.writeFile(path, "");
  takeAll(volumeOf(world, path), held);
  await world.files.writeFile(path, `false extent of ${disk.bytes} bytes\n`);
  world.extents.set(path, { size: disk.bytes, held });
}

/** What a descriptor is while its disk is being made. */
export async function beginDescriptor(world: World, { path }: DiskShape): Promise<void> {
  await world.hostFiles.writeFile(path, head);
}

export async function isDescriptor(world: World, path: string): Promise<boolean> {
  if (!(await world.hostFiles.exists(path)) || (await world.files.stat(path)).isDirectory) return false;
  return (await world.hostFiles.readFile(path)).startsWith(head);
}

/** Both files. Throws when one is held. */
export async function removeDisk(world: World, path: string): Promise<void> {
  const extent = extentOf(path);
  checkUse(world, path, "remove");
  checkUse(world, extent, "remove");
  if (!(await world.hostFiles.exists(path))) throw fileError("ENOENT");
  if (await world.hostFiles.exists(extent)) await world.hostFiles.rm(extent);
  await world.hostFiles.rm(path);
}
