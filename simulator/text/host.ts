/** What a host says about itself and its tasks. */
import type { HostTask } from "../world/host-task.ts";
import { isRunning } from "../world/vm.ts";
import type { World } from "../world/world.ts";
import type { DumpValue } from "./dump.ts";
import { array, bool, none, num, object, ref, text, time, unset } from "./dump.ts";

export function hostSummary(world: World): DumpValue {
  const { hardware } = world;
  const running = world.vms.filter(isRunning);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return object("vim.host.Summary", [
    ["host", ref("vim.HostSystem", "ha-host")],
    [
      "hardware",
      object("vim.host.Summary.HardwareSummary", [
        ["vendor", text(hardware.vendor)],
        ["model", text(hardware.model)],
        ["uuid", text("03000200-0400-0500-0006-000700080009")],
        ["otherIdentifyingInfo", array("vim.host.SystemIdentificationInfo", [])],
        ["memorySize", num(hardware.memoryBytes)],
        ["cpuModel", text(hardware.cpuModel.padEnd(46))],
        ["cpuMhz", num(hardware.cpuMhz)],
        ["numCpuPkgs", num(hardware.packages)],
        ["numCpuCores", num(hardware.cores)],
        ["numCpuThreads", num(hardware.threads)],
        ["numNics", num(2)],
        ["numHBAs", num(2)],
      ]),
    ],
    [
      "runtime",
      object("vim.host.RuntimeInfo", [
        ["connectionState", text("connected")],
        ["powerState", text("poweredOn")],
        ["standbyMode", unset],
        ["inMaintenanceMode", bool(false)],
        ["bootTime", time(world.bootedAt)],
      ]),
    ],
    ["overallStatus", text("green")],
    ["rebootRequired", bool(false)],
    [
      "quickStats",
      object("vim.host.Summary.QuickStats", [
        ["overallCpuUsage", num(60 + sum(running.map((vm) => vm.cpuMhz)))],
        ["overallMemoryUsage", num(1850 + sum(running.map((vm) => vm.hostMemoryMb)))],
        ["distributedCpuFairness", unset],
        ["distributedMemoryFairness", unset],
        ["uptime", num((Date.now() - world.bootedAt) / 1000)],
      ]),
    ],
  ]);
}

export function taskList(tasks: readonly HostTask[]): DumpValue {
  return array(
    "ManagedObjectReference",
    tasks.map((task) => ref("vim.Task", task.id)),
  );
}

export function taskInfo(task: HostTask): DumpValue {
  const name = `VirtualMachine.${task.operation}`;
  return object("vim.TaskInfo", [
    ["key", text(task.id)],
    ["task", ref("vim.Task", task.id)],
    ["description", none("vmodl.LocalizableMessage")],
    ["name", text(`vim.${name}`)],
    ["descriptionId", text(name)],
    ["entity", ref("vim.VirtualMachine", String(task.vmid))],
    ["entityName", text(task.vm.name)],
    ["state", text(task.state)],
    ["cancelled", bool(false)],
    ["cancelable", bool(false)],
    ["error", task.fault?.value ?? none("vmodl.MethodFault")],
    ["result", unset],
    ["progress", task.state === "running" ? num(task.vm.question === null ? 50 : 95) : unset],
    ["reason", object("vim.TaskReasonUser", [["userName", text("root")]])],
    ["queueTime", time(task.queuedAt)],
    ["startTime", time(task.startedAt)],
    ["completeTime", time(task.completedAt)],
    ["eventChainId", num(Number(task.id.split("-").at(-1)))],
    ["changeTag", unset],
    ["parentTaskKey", unset],
    ["rootTaskKey", unset],
  ]);
}
