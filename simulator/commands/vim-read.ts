/** The vim-cmds that only look. */
import { dump } from "../text/dump.ts";
import { unreadable } from "../text/fault.ts";
import { getallvmsText, skippedText } from "../text/getallvms.ts";
import { configInfo, guestInfo } from "../text/guest.ts";
import { taskList } from "../text/host.ts";
import { runtimeInfo } from "../text/runtime.ts";
import { vmSummary } from "../text/summary.ts";
import type { SimPower } from "../words.ts";
import { isUnderWay } from "../world/tasks.ts";
import { datastorePathOf, pathOf } from "../world/vm.ts";
import { loadedVms } from "../world/world.ts";
import type { HostCommand } from "./command.ts";
import { ok } from "./command.ts";
import { faulty, onVm } from "./vim-vm.ts";

const stateWords: Readonly<Record<SimPower, string>> = {
  ON: "Powered on",
  OFF: "Powered off",
  SUSPENDED: "Suspended",
};

export const readCommands: Readonly<Record<string, HostCommand>> = {
  "vmsvc/getallvms": (_, world) => {
    const vms = loadedVms(world);
    return ok(skippedText(vms) + getallvmsText(vms));
  },
  "vmsvc/get.summary": onVm(({ vm, world }) => {
    if (vm.unreadable) return faulty(unreadable(pathOf(vm)), world, "Listsummary:\n");
    return ok(`Listsummary:\n${dump(vmSummary(vm, world), world.release)}\n`);
  }),
  "vmsvc/get.runtime": onVm(({ vm, world }) =>
    ok(`Runtime information\n${dump(runtimeInfo(vm, world.release, world.hardware.cpuMhz), world.release)}\n`),
  ),
  "vmsvc/get.guest": onVm(({ vm, world }) => ok(`Guest information:\n\n${dump(guestInfo(vm), world.release)}\n`)),
  "vmsvc/get.config": onVm(({ vm, world }) =>
    ok(`Configuration:\n\n${dump(configInfo(vm, datastorePathOf(vm)), world.release)}\n`),
  ),
  "vmsvc/get.tasklist": onVm(({ vm, world }) => {
    const recent = world.tasks.filter((task) => task.vm === vm && (isUnderWay(task) || isFresh(task.completedAt)));
    return ok(`${dump(taskList(recent), world.release)}\n`);
  }),
  "vmsvc/power.getstate": onVm(({ vm }) => ok(`Retrieved runtime info\n${stateWords[vm.power]}\n`)),
};

/** Hosts forget a VM's tasks some minutes after their end. */
function isFresh(completedAt: number | null): boolean {
  return completedAt !== null && Date.now() - completedAt < 10 * 60_000;
}
