/** HostControl over one world: what tests do behind everyone's back. */
import type { SimQuestion, SimVm } from "../words.ts";
import type { HostControl } from "./control.ts";
import { fileMap } from "./file-map.ts";
import { restartHostd } from "./hostd.ts";
import { setPower } from "./power.ts";
import { addVm, changeVm, renumber, unregister } from "./registry.ts";
import { answerQuestion } from "./tasks.ts";
import type { Datastore, Vm } from "./vm.ts";
import { folderPathOf, snapshotOf } from "./vm.ts";
import type { World } from "./world.ts";

export function createControls(world: World): HostControl {
  const find = (vmid: number): Vm => {
    const found = world.vms.find((vm) => vm.vmid === vmid);
    if (found === undefined) throw new Error(`${world.name} has no VM ${vmid}`);
    return found;
  };
  const volume = (name: string): Datastore => {
    const found = [world.ramdisk, ...world.datastores].find((each) => each.name === name);
    if (found === undefined) throw new Error(`${world.name} has no datastore ${name}`);
    return found;
  };
  return {
    vms: () => world.vms.map(snapshotOf),
    vm: (vmid) => snapshotOf(find(vmid)),
    setPower: (vmid, power) => setPower(world, find(vmid), power),
    reregister: (vmid, newVmid) => renumber(world, find(vmid), newVmid),
    addVm: (options) => snapshotOf(addVm(world, options)),
    removeVm: (vmid) => removeVm(world, find(vmid)),
    renameVm: (vmid, name) => changeVm(world, find(vmid), { name }),
    changeVm: (vmid, change) => changeVm(world, find(vmid), change),
    copyFolder: (vmid, folder) => copyFolder(world, find(vmid), folder),
    ask: (vmid, question) => {
      find(vmid).question = numbered(world, question);
    },
    answer: (vmid, choiceKey) => answerQuestion(find(vmid), choiceKey),
    askAtPowerOn: (vmid, question) => {
      find(vmid).asksAtPowerOn = numbered(world, question ?? movedOrCopied);
    },
    makeInvalid: (vmid, invalid = true) => {
      find(vmid).invalid = invalid;
    },
    makeUnreadable: (vmid, unreadable = true) => {
      find(vmid).unreadable = unreadable;
    },
    setConnection: (vmid, connection) => {
      find(vmid).connection = connection;
    },
    restartHostd: (options) => restartHostd(world, options),
    hostdDown: (down) => {
      world.hostd = down ? "down" : "up";
    },
    setFree: (name, bytes) => {
      volume(name).freeBytes = bytes;
    },
    freeOf: (name) => volume(name).freeBytes,
    fillAfter: (name, writes) => {
      volume(name).writesLeft = writes;
    },
    setMount: (name, mount) => {
      volume(name).mount = mount;
    },
    fileMap: () => fileMap(world),
    readFile: (path) => world.files.readFile(path),
    writeFile: (path, text) => world.files.writeFile(path, text),
  };
}

function removeVm(world: World, vm: Vm): void {
  unregister(world, vm);
  void world.files.rm(folderPathOf(vm), { recursive: true, force: true });
}

function copyFolder(world: World, vm: Vm, folder: string): SimVm {
  const copy = addVm(world, {
    name: vm.name,
    folder,
    datastore: vm.datastore.name,
    numCpu: vm.numCpu,
    memoryMb: vm.memoryMb,
    note: vm.note,
    guestId: vm.guestId,
    tools: vm.tools,
    committedBytes: vm.committedBytes,
    uuid: vm.uuid,
    instanceUuid: vm.instanceUuid,
    ignoresShutdown: vm.ignoresShutdown,
  });
  return snapshotOf(copy);
}

function numbered(world: World, question: SimQuestion): SimQuestion {
  world.nextQuestion += 1;
  return { id: String(world.nextQuestion), ...question };
}

/** What every host asks about a VM whose files lie elsewhere than when it last ran. */
const movedOrCopied: SimQuestion = {
  text:
    "This virtual machine might have been moved or copied. In order to configure certain management and networking features, " +
    'VMware ESX needs to know if this virtual machine was moved or copied. If you don\'t know, answer "I Copied It".',
  choices: [
    { key: "0", label: "Cancel", name: "button.uuid.cancel", cancels: true },
    { key: "1", label: "I Moved It", name: "button.uuid.movedTheVM" },
    { key: "2", label: "I Copied It", name: "button.uuid.copiedTheVM", isDefault: true },
  ],
};
