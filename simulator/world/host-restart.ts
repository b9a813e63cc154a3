/** A loss of power: what runs stops where it is, /tmp is empty, VMs are off, what was registered and written stays. */
import { setPowerLost } from "./power.ts";
import { isRunning } from "./vm.ts";
import type { World } from "./world.ts";

export async function losePower(world: World): Promise<void> {
  world.processes.killAll();
  world.boots += 1;
  world.held.clear();
  world.tasks.splice(0);
  for (const vm of world.vms.filter(isRunning)) setPowerLost(world, vm);
  for (const vm of world.vms) vm.question = null;
  world.bootedAt = Date.now();
  await world.files.rm("/tmp", { recursive: true, force: true });
  await world.files.mkdir("/tmp");
  world.ramdisk.freeBytes = world.ramdisk.sizeBytes;
}
