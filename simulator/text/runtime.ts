/** `vim.vm.RuntimeInfo`, alone (get.runtime) or within a summary. */
import type { Release } from "../release.ts";
import type { SimQuestion } from "../words.ts";
import { hostPowerWords } from "../world/power.ts";
import type { Vm } from "../world/vm.ts";
import { isRunning } from "../world/vm.ts";
import type { DumpField, DumpValue } from "./dump.ts";
import { array, bool, none, num, object, ref, text, textOr, time, unset } from "./dump.ts";

export function runtimeInfo(vm: Vm, release: Release, cpuMhz: number): DumpValue {
  const modern = release.dumpForm !== "classic";
  const newer: DumpField[] = modern
    ? [
        ["paused", bool(false)],
        ["snapshotInBackground", bool(false)],
        ["quiescedForkParent", unset],
        ["instantCloneFrozen", bool(false)],
        ["cryptoState", unset],
      ]
    : [];
  return object("vim.vm.RuntimeInfo", [
    ...(modern ? ([["device", unset]] as const) : []),
    ["host", ref("vim.HostSystem", "ha-host")],
    ["connectionState", text(vm.invalid ? "invalid" : vm.connection)],
    ["powerState", text(hostPowerWords[vm.power])],
    ["faultToleranceState", text("notConfigured")],
    ["dasVmProtection", none("vim.vm.RuntimeInfo.DasProtectionState")],
    ["toolsInstallerMounted", bool(false)],
    ["suspendTime", time(vm.suspendedAt)],
    ["bootTime", time(vm.bootedAt)],
    ["suspendInterval", num(0)],
    ["question", questionInfo(vm.question, release)],
    ["memoryOverhead", isRunning(vm) ? num(36_478_976 + vm.memoryMb * 8192) : unset],
    ["maxCpuUsage", isRunning(vm) ? num(vm.numCpu * cpuMhz) : unset],
    ["maxMemoryUsage", isRunning(vm) ? num(vm.memoryMb) : unset],
    ["numMksConnections", num(0)],
    ["recordReplayState", text("inactive")],
    ["cleanPowerOff", vm.power === "OFF" ? bool(true) : unset],
    ["needSecondaryReason", unset],
    ["onlineStandby", bool(false)],
    ["minRequiredEVCModeKey", unset],
    ["consolidationNeeded", bool(false)],
    ...(modern ? ([["offlineFeatureRequirement", features(vm)]] as const) : []),
    ["featureRequirement", features(vm)],
    ...(modern ? ([["featureMask", unset]] as const) : []),
    ["vFlashCacheAllocation", num(0)],
    ...newer,
  ]);
}

function features(vm: Vm): DumpValue {
  if (!isRunning(vm)) return unset;
  const item = (key: string): DumpValue =>
    object("vim.vm.FeatureRequirement", [
      ["key", text(key)],
      ["featureName", text(key)],
      ["value", text("Bool:Min:1")],
    ]);
  return array("vim.vm.FeatureRequirement", ["cpuid.SSE3", "cpuid.NX"].map(item));
}

function questionInfo(question: SimQuestion | null, release: Release): DumpValue {
  if (question === null) return none("vim.vm.QuestionInfo");
  const choices = question.choices.map((choice) =>
    object("vim.ElementDescription", [
      ["label", text(choice.label)],
      ["summary", text(choice.label)],
      ["key", text(choice.key)],
    ]),
  );
  const byDefault = question.choices.findIndex((choice) => choice.isDefault);
  return object("vim.vm.QuestionInfo", [
    ["id", textOr(question.id ?? null)],
    ["text", text(question.text)],
    [
      "choice",
      object("vim.option.ChoiceOption", [
        ["valueIsReadonly", unset],
        ["choiceInfo", array("vim.ElementDescription", choices)],
        ["defaultIndex", byDefault === -1 ? unset : num(byDefault)],
      ]),
    ],
    ...(release.dumpForm === "modern" ? ([["message", unset]] as const) : []),
  ]);
}
