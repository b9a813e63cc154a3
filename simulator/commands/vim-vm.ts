/** The one VM that a vim-cmd is about. */
import { dump } from "../text/dump.ts";
import type { Fault } from "../text/fault.ts";
import { noSuchVm } from "../text/fault.ts";
import type { Vm } from "../world/vm.ts";
import { pathOf } from "../world/vm.ts";
import type { World } from "../world/world.ts";
import { findVm } from "../world/world.ts";
import type { CommandResult, HostCommand } from "./command.ts";
import { failed } from "./command.ts";

export interface VmCall {
  readonly vm: Vm;
  readonly world: World;
  /** After the vmid. */
  readonly words: readonly string[];
}

/** A command whose first word names a VM by vmid or by .vmx path. */
export function onVm(act: (call: VmCall) => CommandResult | Promise<CommandResult>): HostCommand {
  return (words, world) => {
    const [given = "", ...rest] = words;
    const vm = findVm(world, given);
    return vm === undefined ? faulty(noSuchVm(given), world) : act({ vm, world, words: rest });
  };
}

/** A fault printed bare, as most calls do: on stdout, with exit code 1. */
export function faulty(fault: Fault, world: World, heading = ""): CommandResult {
  return failed(1, "", `${heading}${dump(fault.value, world.release)}\n`);
}

/** Writes the action log, at the moment the VM is changed. */
export function logAction(call: VmCall, command: string): void {
  const { vm, world, words } = call;
  const argv = ["vim-cmd", command, String(vm.vmid), ...words];
  const at = new Date().toISOString();
  world.log({ at, host: world.name, command, argv, vmid: vm.vmid, vmPath: pathOf(vm), instanceUuid: vm.instanceUuid });
}
