/** What a VM leaves in its folder by running: nvram, a log, and a swap file that goes with the power. Nothing in them depends on time. */
import type { Fault } from "../text/fault.ts";
import { cannotStart } from "../text/fault.ts";
import { companionOf, extentOf, swapOf } from "./locks.ts";
import { take, volumeOf } from "./space.ts";
import type { Vm } from "./vm.ts";
import { folderPathOf, pathOf } from "./vm.ts";
import type { World } from "./world.ts";

/** `charged`: the swap file takes its room on the datastore. */
export function writeRuntimeFiles(world: World, vm: Vm, charged = false): void {
  const size = vm.memoryMb * 2 ** 20;
  const swap = swapOf(vm);
  world.files.writeFileSync(companionOf(vm, "nvram"), `false nvram of ${vm.file}\n`);
  world.files.writeFileSync(`${folderPathOf(vm)}/vmware.log`, `false log of ${vm.file}\n`);
  world.files.writeFileSync(swap, `false swap of ${size} bytes\n`);
  const held = charged ? take(volumeOf(world, swap), size) : 0;
  world.extents.set(swap, { size, held });
}

export function removeSwap(world: World, vm: Vm): void {
  const swap = swapOf(vm);
  take(volumeOf(world, swap), -(world.extents.get(swap)?.held ?? 0));
  world.extents.delete(swap);
  void world.files.rm(swap, { force: true });
}

/** What keeps the VM from starting. The texts are VMware's as people report them, the form is that of other power-on failures. */
export async function startRefusal(world: World, vm: Vm): Promise<Fault | null> {
  if (!(await world.hostFiles.exists(pathOf(vm)))) {
    return cannotStart(`Could not open config file '${pathOf(vm)}': The system cannot find the file specified.`);
  }
  for (const disk of vm.disks) {
    if ((await world.hostFiles.exists(disk)) && (await world.hostFiles.exists(extentOf(disk)))) continue;
    return cannotStart(`Cannot open the disk '${disk}' or one of the snapshot disks it depends on.`);
  }
  if (vm.numCpu > world.hardware.threads) {
    const { threads } = world.hardware;
    return cannotStart(
      `The virtual machine has ${vm.numCpu} virtual CPUs, but the host has only ${threads} logical CPUs.`,
    );
  }
  const volume = volumeOf(world, pathOf(vm));
  const isFull = volume !== null && (volume.writesLeft === 0 || volume.freeBytes < vm.memoryMb * 2 ** 20);
  return isFull ? cannotStart("Could not power on virtual machine: No space left on device.") : null;
}
