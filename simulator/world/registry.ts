/** Which VMs the host knows: making, registering, renumbering, forgetting. Each writes hostd's inventory file. */
import type { Random } from "../random.ts";
import type { VmOptions } from "../words.ts";
import { writeInventory, writeVmFolder, writeVmx } from "./files.ts";
import { guestFullName, pickGuest } from "./guests.ts";
import { setPower } from "./power.ts";
import type { Vm } from "./vm.ts";
import type { World } from "./world.ts";
import { mainDatastore, reserveVmid, takeVmid } from "./world.ts";

/** Adds a VM with its files as described; what is left out is drawn from the host's own chance. */
export function addVm(world: World, options: VmOptions): Vm {
  const vm = enrolVm(world, options);
  writeVmFolder(world, vm);
  return vm;
}

/** Registers a VM whose files are there already. Throws when its vmid is taken. */
export function enrolVm(world: World, options: VmOptions): Vm {
  const vm = createVm(world, options);
  if (world.vms.some((other) => other.vmid === vm.vmid)) throw new Error(`vmid ${vm.vmid} is taken on ${world.name}`);
  reserveVmid(world, vm.vmid);
  setPower(world, vm, options.power ?? "OFF");
  world.vms.push(vm);
  world.vms.sort((a, b) => a.vmid - b.vmid);
  writeInventory(world);
  return vm;
}

function createVm(world: World, options: VmOptions): Vm {
  const random = world.random;
  const folder = options.folder ?? options.name;
  const guestId = options.guestId ?? pickGuest(random);
  const datastore = mainDatastore(world, options.datastore);
  const file = `${folder.split("/").at(-1)}.vmx`;
  const committed = options.committedBytes ?? random.between(2, 20) * 1_000_000_000;
  return {
    vmid: options.vmid ?? takeVmid(world),
    name: options.name,
    datastore,
    folder,
    file,
    uuid: options.uuid ?? makeUuid(random, "564d"),
    instanceUuid: options.instanceUuid ?? makeUuid(random, "52"),
    power: "OFF",
    connection: "connected",
    invalid: false,
    unreadable: false,
    numCpu: options.numCpu ?? random.pick([1, 1, 2, 2, 4]),
    memoryMb: options.memoryMb ?? random.pick([512, 1024, 2048, 4096]),
    committedBytes: committed,
    provisionedBytes: committed + random.between(5, 40) * 1_000_000_000,
    note: options.note ?? "",
    guestId,
    guestFullName: guestFullName(guestId),
    hardwareVersion: world.release.hardware,
    tools: options.tools ?? "toolsOk",
    hostname: options.hostname ?? `${options.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.lab.example`,
    ipAddress: `192.0.2.${random.between(2, 254)}`,
    numNics: 1,
    disks: [`/vmfs/volumes/${datastore.uuid}/${folder}/${file.replace(/vmx$/, "vmdk")}`],
    ignoresShutdown: options.ignoresShutdown ?? false,
    question: null,
    asksAtPowerOn: null,
    bootedAt: null,
    upSince: null,
    suspendedAt: null,
    worldId: null,
    cpuMhz: 0,
    guestMemoryMb: 0,
    hostMemoryMb: 0,
  };
}

export function makeUuid(random: Random, start: string): string {
  const hex = start + random.hex(32 - start.length);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Changes what the options name; the place of its files and its vmid stay. */
export function changeVm(world: World, vm: Vm, change: Partial<VmOptions>): void {
  vm.name = change.name ?? vm.name;
  vm.note = change.note ?? vm.note;
  vm.hostname = change.hostname ?? vm.hostname;
  vm.numCpu = change.numCpu ?? vm.numCpu;
  vm.memoryMb = change.memoryMb ?? vm.memoryMb;
  vm.committedBytes = change.committedBytes ?? vm.committedBytes;
  vm.tools = change.tools ?? vm.tools;
  vm.ignoresShutdown = change.ignoresShutdown ?? vm.ignoresShutdown;
  vm.uuid = change.uuid ?? vm.uuid;
  vm.instanceUuid = change.instanceUuid ?? vm.instanceUuid;
  vm.guestId = change.guestId ?? vm.guestId;
  vm.guestFullName = guestFullName(vm.guestId);
  if (change.power !== undefined) setPower(world, vm, change.power);
  writeVmx(world, vm);
}

/** Forgets the VM; its files stay. */
export function unregister(world: World, vm: Vm): void {
  world.vms.splice(world.vms.indexOf(vm), 1);
  writeInventory(world);
}

/** Gives the VM another vmid; whoever holds that one takes the old one in return. */
export function renumber(world: World, vm: Vm, newVmid?: number): number {
  const vmid = newVmid ?? takeVmid(world);
  reserveVmid(world, vmid);
  const holder = world.vms.find((other) => other.vmid === vmid);
  if (holder !== undefined) holder.vmid = vm.vmid;
  vm.vmid = vmid;
  world.vms.sort((a, b) => a.vmid - b.vmid);
  writeInventory(world);
  return vmid;
}
