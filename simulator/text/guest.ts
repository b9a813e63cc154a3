/** `vim.vm.GuestInfo`, as far as anybody asked for it. */
import type { Vm } from "../world/vm.ts";
import { isRunning, toolsRun } from "../world/vm.ts";
import type { DumpValue } from "./dump.ts";
import { none, object, text, textOr, unset } from "./dump.ts";
import { toolsStatusOf, toolsVersionStatus } from "./summary.ts";

export function guestInfo(vm: Vm): DumpValue {
  const runs = toolsRun(vm);
  return object("vim.vm.GuestInfo", [
    ["toolsStatus", text(toolsStatusOf(vm))],
    ["toolsVersionStatus", text(toolsVersionStatus(vm))],
    ["toolsVersionStatus2", text(toolsVersionStatus(vm))],
    ["toolsRunningStatus", text(runs ? "guestToolsRunning" : "guestToolsNotRunning")],
    ["toolsVersion", text(vm.tools === "toolsNotInstalled" ? "0" : "12352")],
    ["toolsUpdateStatus", none("vim.vm.GuestInfo.ToolsUpdateStatus")],
    ["guestId", textOr(runs ? vm.guestId : null)],
    ["guestFamily", unset],
    ["guestFullName", textOr(runs ? vm.guestFullName : null)],
    ["hostName", textOr(runs ? vm.hostname : null)],
    ["ipAddress", textOr(runs ? vm.ipAddress : null)],
    ["net", unset],
    ["guestState", text(isRunning(vm) ? "running" : "notRunning")],
    ["hwVersion", text(vm.hardwareVersion)],
  ]);
}

/** The little of get.config that is right on every release. */
export function configInfo(vm: Vm, datastorePath: string): DumpValue {
  return object("vim.vm.ConfigInfo", [
    ["name", text(vm.name)],
    ["guestFullName", text(vm.guestFullName)],
    ["version", text(vm.hardwareVersion)],
    ["uuid", text(vm.uuid)],
    ["instanceUuid", text(vm.instanceUuid)],
    ["guestId", text(vm.guestId)],
    ["annotation", text(vm.note)],
    ["files", object("vim.vm.FileInfo", [["vmPathName", text(datastorePath)]])],
  ]);
}
