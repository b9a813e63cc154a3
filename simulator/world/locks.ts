/** Which files are held: by running VMs, and by a vmkfstools at work. */
import type { Vm } from "./vm.ts";
import { isRunning, pathOf } from "./vm.ts";
import type { World } from "./world.ts";

export type FileUse = "read" | "write" | "remove";

/** A running VM's extents and swap can't even be read, its descriptors and nvram not changed, its .vmx not removed. */
export function isHeld(world: World, path: string, use: FileUse): boolean {
  if (world.held.has(path)) return true;
  return world.vms.some((vm) => isRunning(vm) && heldByVm(vm, path, use));
}

function heldByVm(vm: Vm, path: string, use: FileUse): boolean {
  if (path === pathOf(vm)) return use === "remove";
  if (path === swapOf(vm) || vm.disks.some((disk) => extentOf(disk) === path)) return true;
  return use !== "read" && (path === companionOf(vm, "nvram") || vm.disks.includes(path));
}

/** `NAME.nvram` and the like, beside `NAME.vmx`. */
export function companionOf(vm: Vm, extension: string): string {
  return pathOf(vm).replace(/vmx$/, extension);
}

/** `NAME-564d36cf.vswp`; what hosts put there is a hash of theirs. */
export function swapOf(vm: Vm): string {
  return pathOf(vm).replace(/\.vmx$/, `-${vm.uuid.slice(0, 8)}.vswp`);
}

/** `NAME-flat.vmdk` of `NAME.vmdk`. */
export function extentOf(descriptor: string): string {
  return descriptor.replace(/\.vmdk$/, "-flat.vmdk");
}

/** Is the disk in use by a running VM or a vmkfstools. */
export function isDiskLocked(world: World, descriptor: string): boolean {
  return isHeld(world, descriptor, "remove") || isHeld(world, extentOf(descriptor), "read");
}
