/** The vim-cmds that make, register and forget VMs. Faults of registervm come on stdout. */
import { alreadyExists, noSuchObject, wrongPowerState } from "../text/fault.ts";
import { hostPowerWords } from "../world/power.ts";
import type { VmxPlace } from "../world/register-vmx.ts";
import { enrolFromVmx } from "../world/register-vmx.ts";
import { addVm, unregister } from "../world/registry.ts";
import { isRunning, pathOf } from "../world/vm.ts";
import { applyVmx } from "../world/vmx.ts";
import { refusalOfVmx } from "../world/vmx-judge.ts";
import { parseVmx } from "../world/vmx-text.ts";
import type { World } from "../world/world.ts";
import { canonicalPath } from "../world/world.ts";
import type { CommandResult, HostCommand } from "./command.ts";
import { ok } from "./command.ts";
import { faulty, logAction, onVm } from "./vim-vm.ts";

export const registrationCommands: Readonly<Record<string, HostCommand>> = {
  "solo/registervm": registerVm,
  "vmsvc/createdummyvm": createDummyVm,
  "vmsvc/unregister": onVm((call) => {
    const { vm, world } = call;
    if (isRunning(vm)) return faulty(wrongPowerState("poweredOff", hostPowerWords[vm.power], isClassic(world)), world);
    logAction(call, "vmsvc/unregister");
    unregister(world, vm);
    return ok();
  }),
  "vmsvc/reload": onVm(async (call) => {
    const { vm, world } = call;
    const text = await readOrNull(world, pathOf(vm));
    if (text === null) return faulty(noSuchObject(), world);
    logAction(call, "vmsvc/reload");
    vm.invalid = false;
    applyVmx(vm, parseVmx(text).entries);
    return ok();
  }),
};

function isClassic(world: World): boolean {
  return world.release.dumpForm === "classic";
}

/** `solo/registervm PATH [NAME] [POOL]`. */
async function registerVm(words: readonly string[], world: World): Promise<CommandResult> {
  const path = canonicalPath(world, words[0] ?? "");
  const text = await readOrNull(world, path);
  const place = placeOf(world, path);
  if (text === null || place === null) return faulty(noSuchObject(), world);
  const holder = world.vms.find((vm) => pathOf(vm) === path);
  if (holder !== undefined) return faulty(alreadyExists(holder.vmid), world);
  const vmx = parseVmx(text);
  const refused = refusalOfVmx(world, vmx);
  if (refused !== null) return faulty(refused, world);
  const vm = await enrolFromVmx(world, place, vmx.entries);
  if (words[1] !== undefined && words[1] !== "") vm.name = words[1];
  logAction({ vm, world, words }, "solo/registervm");
  return ok(`${vm.vmid}\n`);
}

/** `vmsvc/createdummyvm NAME FOLDER`: makes FOLDER/NAME with a .vmx and a small disk. */
function createDummyVm(words: readonly string[], world: World): CommandResult {
  const [name = "", folder = ""] = words;
  const match = /^\/vmfs\/volumes\/([^/]+)\/?$/.exec(canonicalPath(world, folder).replace(/\/+$/, ""));
  const datastore = world.datastores.find((each) => each.uuid === match?.[1] && !each.system);
  if (name === "" || datastore === undefined) return faulty(noSuchObject(), world);
  const holder = world.vms.find((vm) => vm.datastore === datastore && vm.folder === name);
  if (holder !== undefined) return faulty(alreadyExists(holder.vmid), world);
  const vm = addVm(world, { name, datastore: datastore.name, numCpu: 1, memoryMb: 32, tools: "toolsNotInstalled" });
  logAction({ vm, world, words }, "vmsvc/createdummyvm");
  return ok(`${vm.vmid}\n`);
}

function placeOf(world: World, path: string): VmxPlace | null {
  const match = /^\/vmfs\/volumes\/([^/]+)\/(.+)\/([^/]+\.vmx)$/.exec(path);
  const datastore = world.datastores.find((each) => each.uuid === match?.[1] && !each.system);
  if (!match || datastore === undefined) return null;
  return { datastore: datastore.name, folder: match[2] ?? "", file: match[3] ?? "" };
}

async function readOrNull(world: World, path: string): Promise<string | null> {
  try {
    return await world.hostFiles.readFile(path);
  } catch {
    return null;
  }
}
