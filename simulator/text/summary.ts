/**
 * `vim.vm.Summary`. The classic form follows captures of 4.x and 5.5; of 6.0 and later no capture exists: it follows the
 * grammar, with the fields that those releases' API has.
 */
import type { Vm } from "../world/vm.ts";
import { datastorePathOf, isRunning, toolsRun, uptimeSecondsOf } from "../world/vm.ts";
import type { World } from "../world/world.ts";
import type { DumpField, DumpValue } from "./dump.ts";
import { bool, none, num, numOr, object, ref, text, textOr, time, unset } from "./dump.ts";
import { runtimeInfo } from "./runtime.ts";

export function vmSummary(vm: Vm, world: World): DumpValue {
  return object("vim.vm.Summary", [
    ["vm", ref("vim.VirtualMachine", String(vm.vmid))],
    ["runtime", runtimeInfo(vm, world.release, world.hardware.cpuMhz)],
    ["guest", guestSummary(vm)],
    ["config", configSummary(vm, isReadable(vm))],
    ["storage", isReadable(vm) ? storageSummary(vm) : none("vim.vm.Summary.StorageSummary")],
    ["quickStats", quickStats(vm)],
    ["overallStatus", text(isReadable(vm) ? "green" : "gray")],
  ]);
}

function isReadable(vm: Vm): boolean {
  return !vm.invalid && vm.connection === "connected";
}

function guestSummary(vm: Vm): DumpValue {
  const runs = toolsRun(vm);
  const versionStatus = toolsVersionStatus(vm);
  return object("vim.vm.Summary.GuestSummary", [
    ["guestId", textOr(runs ? vm.guestId : null)],
    ["guestFullName", textOr(runs ? vm.guestFullName : null)],
    ["toolsStatus", text(toolsStatusOf(vm))],
    ["toolsVersionStatus", text(versionStatus)],
    ["toolsVersionStatus2", text(versionStatus === "guestToolsNeedUpgrade" ? "guestToolsSupportedOld" : versionStatus)],
    ["toolsRunningStatus", text(runs ? "guestToolsRunning" : "guestToolsNotRunning")],
    ["hostName", textOr(runs ? vm.hostname : null)],
    ["ipAddress", textOr(runs ? vm.ipAddress : null)],
  ]);
}

export function toolsStatusOf(vm: Vm): string {
  return vm.tools === "toolsNotInstalled" || toolsRun(vm) ? vm.tools : "toolsNotRunning";
}

export function toolsVersionStatus(vm: Vm): string {
  if (vm.tools === "toolsNotInstalled") return "guestToolsNotInstalled";
  return vm.tools === "toolsOld" ? "guestToolsNeedUpgrade" : "guestToolsCurrent";
}

function configSummary(vm: Vm, readable: boolean): DumpValue {
  const whenRead = (value: DumpValue): DumpValue => (readable ? value : unset);
  return object("vim.vm.Summary.ConfigSummary", [
    ["name", text(readable ? vm.name : datastorePathOf(vm))],
    ["template", bool(false)],
    ["vmPathName", text(datastorePathOf(vm))],
    ["memorySizeMB", whenRead(num(vm.memoryMb))],
    ["cpuReservation", whenRead(num(0))],
    ["memoryReservation", whenRead(num(0))],
    ["numCpu", whenRead(num(vm.numCpu))],
    ["numEthernetCards", whenRead(num(vm.numNics))],
    ["numVirtualDisks", whenRead(num(vm.disks.length))],
    ["uuid", whenRead(text(vm.uuid))],
    ["instanceUuid", whenRead(text(vm.instanceUuid))],
    ["guestId", whenRead(text(vm.guestId))],
    ["guestFullName", whenRead(text(vm.guestFullName))],
    ["annotation", whenRead(text(vm.note))],
    ["product", none("vim.vApp.ProductInfo")],
    ["installBootRequired", whenRead(bool(false))],
    ["ftInfo", none("vim.vm.FaultToleranceConfigInfo")],
    ["managedBy", none("vim.ext.ManagedByInfo")],
    ["tpmPresent", whenRead(bool(false))],
    ["numVmiopBackings", whenRead(num(0))],
    ["hwVersion", whenRead(text(vm.hardwareVersion))],
  ]);
}

function storageSummary(vm: Vm): DumpValue {
  return object("vim.vm.Summary.StorageSummary", [
    ["committed", num(vm.committedBytes)],
    ["uncommitted", num(Math.max(0, vm.provisionedBytes - vm.committedBytes))],
    ["unshared", num(vm.committedBytes)],
    ["timestamp", time(Date.now())],
  ]);
}

function quickStats(vm: Vm): DumpValue {
  const runs = isRunning(vm);
  const when = (value: number): DumpValue => (runs ? num(value) : unset);
  const unknown = ["ftLogBandwidth", "ftSecondaryLatency"].map((name): DumpField => [name, unset]);
  return object("vim.vm.Summary.QuickStats", [
    ["overallCpuUsage", when(vm.cpuMhz)],
    ["overallCpuDemand", when(vm.cpuMhz)],
    ["overallCpuReadiness", when(0)],
    ["guestMemoryUsage", when(vm.guestMemoryMb)],
    ["hostMemoryUsage", when(vm.hostMemoryMb)],
    ["guestHeartbeatStatus", text(toolsRun(vm) ? "green" : "gray")],
    ["distributedCpuEntitlement", when(vm.cpuMhz)],
    ["distributedMemoryEntitlement", when(vm.hostMemoryMb)],
    ["staticCpuEntitlement", unset],
    ["staticMemoryEntitlement", unset],
    ["grantedMemory", when(vm.memoryMb)],
    ["privateMemory", when(vm.hostMemoryMb)],
    ["sharedMemory", when(0)],
    ["swappedMemory", when(0)],
    ["balloonedMemory", when(0)],
    ["consumedOverheadMemory", when(36)],
    ...unknown,
    ["ftLatencyStatus", text("gray")],
    ["compressedMemory", when(0)],
    ["uptimeSeconds", numOr(uptimeSecondsOf(vm))],
    ["ssdSwappedMemory", when(0)],
  ]);
}
