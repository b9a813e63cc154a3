/** What lies on the host's file system: datastores with links by name, VM folders, ISO images, hostd's inventory file. */
import { descriptorText } from "./disk.ts";
import { vmxNameOf } from "./guests.ts";
import { extentOf } from "./locks.ts";
import { writeRuntimeFiles } from "./runtime-files.ts";
import { spacedUuid } from "./spaced-uuid.ts";
import type { Vm } from "./vm.ts";
import { folderPathOf, isRunning, pathOf } from "./vm.ts";
import { vmxLines } from "./vmx-text.ts";
import type { World } from "./world.ts";

const inventoryPath = "/etc/vmware/hostd/vmInventory.xml";

export async function layOutDatastores(world: World): Promise<void> {
  for (const folder of ["/etc/vmware/hostd", "/vmfs/volumes", "/tmp", "/bin", "/var/log", "/etc/init.d"]) {
    world.files.mkdirSync(folder, { recursive: true });
  }
  for (const datastore of world.datastores) {
    world.files.mkdirSync(`/vmfs/volumes/${datastore.uuid}`, { recursive: true });
    if (datastore.name !== "") await world.files.symlink(datastore.uuid, `/vmfs/volumes/${datastore.name}`);
  }
  for (const service of services) {
    await world.files.writeFile(`/etc/init.d/${service}`, `#!/bin/sh\n__initd ${service} "$@"\n`);
    await world.files.chmod(`/etc/init.d/${service}`, 0o755);
  }
  await writeIsoImages(world);
}

const services = ["hostd", "vpxa", "SSH", "ntpd"] as const;

const isoImages = ["debian-12.11.0-amd64-netinst.iso", "ubuntu-24.04.2-live-server-amd64.iso", "WinSrv2022 eval.iso"];

async function writeIsoImages(world: World): Promise<void> {
  const datastore = world.datastores.find((each) => !each.system);
  if (datastore === undefined) return;
  const folder = `/vmfs/volumes/${datastore.uuid}/iso`;
  world.files.mkdirSync(folder, { recursive: true });
  for (const image of isoImages) await world.files.writeFile(`${folder}/${image}`, `false image ${image}\n`.repeat(64));
  await world.files.writeFile(`${folder}/SHA256SUMS`, "not an image\n");
}

/** The VM's folder with its .vmx, its disk, and what a running VM keeps there. */
export function writeVmFolder(world: World, vm: Vm): void {
  const folder = folderPathOf(vm);
  world.files.mkdirSync(folder, { recursive: true });
  writeVmx(world, vm);
  for (const disk of vm.disks) writeDisk(world, disk, vm);
  if (isRunning(vm)) writeRuntimeFiles(world, vm);
}

/** The datastores' free bytes are what is left beside it. */
function writeDisk(world: World, path: string, vm: Vm): void {
  const bytes = vm.provisionedBytes;
  const shape = { path, bytes, thin: true, adapter: "lsilogic", hardwareVersion: vm.hardwareVersion };
  world.files.writeFileSync(path, descriptorText({ ...shape, uuid: `6000c29${vm.uuid.replaceAll("-", "").slice(7)}` }));
  world.files.writeFileSync(extentOf(path), `false extent of ${bytes} bytes\n`);
  world.extents.set(extentOf(path), { size: bytes, held: 0 });
}

export function writeVmx(world: World, vm: Vm): void {
  world.files.writeFileSync(pathOf(vm), vmxText(vm));
}

function vmxText(vm: Vm): string {
  const entries: [string, string][] = [
    [".encoding", "UTF-8"],
    ["config.version", "8"],
    ["virtualHW.version", vm.hardwareVersion.replace("vmx-", "")],
    ["displayName", vm.name],
    ["annotation", vm.note],
    ["guestOS", vmxNameOf(vm.guestId)],
    ["numvcpus", String(vm.numCpu)],
    ["memSize", String(vm.memoryMb)],
    ["uuid.bios", spacedUuid(vm.uuid)],
    ["vc.uuid", spacedUuid(vm.instanceUuid)],
    ["scsi0.present", "TRUE"],
    ["scsi0:0.present", "TRUE"],
    ["scsi0:0.fileName", `${vm.file.replace(/\.vmx$/, "")}.vmdk`],
    ["ethernet0.present", "TRUE"],
  ];
  return vmxLines(entries);
}

/** hostd writes it at every registration; entries of VMs that it can't load stay. Its text is made when it is read. */
export function writeInventory(world: World): void {
  world.files.writeFileLazy(inventoryPath, () => inventoryText(world));
}

function inventoryText(world: World): string {
  const entries = world.vms.map(
    (vm, index) =>
      `  <ConfigEntry id="${String(index).padStart(4, "0")}">\n    <objID>${vm.vmid}</objID>\n    <secDomain>${17 + index}</secDomain>\n` +
      `    <vmxCfgPath>${escapeXml(pathOf(vm))}</vmxCfgPath>\n  </ConfigEntry>\n`,
  );
  return `<ConfigRoot>\n${entries.join("")}</ConfigRoot>\n`;
}

function escapeXml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
