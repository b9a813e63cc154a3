/** Registering a .vmx that lies there: the VM is what the file says, and hostd adds what it lacks. */
import { writeInventory } from "./files.ts";
import { companionOf, extentOf } from "./locks.ts";
import { enrolVm } from "./registry.ts";
import { spacedUuid } from "./spaced-uuid.ts";
import type { Vm } from "./vm.ts";
import { pathOf } from "./vm.ts";
import type { VmxEntries } from "./vmx.ts";
import { applyVmx } from "./vmx.ts";
import { vmxLines } from "./vmx-text.ts";
import type { World } from "./world.ts";

export interface VmxPlace {
  /** Name of the datastore. */
  readonly datastore: string;
  readonly folder: string;
  readonly file: string;
}

export async function enrolFromVmx(world: World, place: VmxPlace, entries: VmxEntries): Promise<Vm> {
  const vm = enrolVm(world, {
    name: place.file.replace(/\.vmx$/, ""),
    folder: place.folder,
    datastore: place.datastore,
    numCpu: 1,
    memoryMb: 32,
    guestId: "otherGuest",
    committedBytes: 0,
    tools: "toolsNotInstalled",
  });
  vm.file = place.file;
  vm.disks = [];
  applyVmx(vm, entries);
  writeInventory(world);
  measureDisks(world, vm);
  await addWhatIsMissing(world, vm, entries);
  return vm;
}

function measureDisks(world: World, vm: Vm): void {
  const extents = vm.disks.map((disk) => world.extents.get(extentOf(disk)));
  vm.provisionedBytes = extents.reduce((sum, extent) => sum + (extent?.size ?? 0), 0);
  vm.committedBytes = extents.reduce((sum, extent) => sum + (extent?.held ?? 0), 0);
}

/** Written at the end of the .vmx: that this happens now and not at the first power-on is a guess. A full datastore does not stop it. */
async function addWhatIsMissing(world: World, vm: Vm, entries: VmxEntries): Promise<void> {
  const missing = (
    [
      ["uuid.bios", spacedUuid(vm.uuid)],
      ["uuid.location", spacedUuid(vm.uuid)],
      ["vc.uuid", spacedUuid(vm.instanceUuid)],
    ] as const
  ).filter(([name]) => !entries.has(name));
  try {
    if (missing.length > 0) await world.hostFiles.appendFile(pathOf(vm), vmxLines(missing));
    for (const extension of ["vmsd", "vmxf"]) {
      const path = companionOf(vm, extension);
      if (!(await world.hostFiles.exists(path)))
        await world.hostFiles.writeFile(path, extension === "vmxf" ? vmxf(vm) : "");
    }
  } catch {
    // hostd keeps what it knows in memory and writes it another time.
  }
}

function vmxf(vm: Vm): string {
  return `<?xml version="1.0"?>\n<Foundry>\n<VM>\n<VMId type="string">${spacedUuid(vm.instanceUuid)}</VMId>\n</VM>\n</Foundry>\n`;
}
