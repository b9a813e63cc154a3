/** A VM of the fake host: a state, and what its guest does when it is asked. */
import type { VmSummary } from "../../esxi/driver.ts";
import type { PowerState, VmQuestion } from "../../model.ts";

export interface FakeVm {
  vmid: number;
  readonly name: string;
  readonly path: string;
  uuid: string;
  powerState: PowerState;
  /** ms since 1970; when the guest last began. */
  beganAtMs: number;
  /** Does the guest do what VMware Tools ask of it. */
  obeys: boolean;
  toolsRun: boolean;
  question: VmQuestion | null;
  /** Asked when it is powered on. */
  asksAtPowerOn: VmQuestion | null;
  /** What the host prints when it refuses any command. */
  refusal: { readonly code: "HOST_REFUSED" | "LICENSE_RESTRICTED" | "OUT_OF_SPACE"; readonly text: string } | null;
}

export function fakeVm(name: string, vmid: number, nowMs: number): FakeVm {
  return {
    vmid,
    name,
    path: `/vmfs/volumes/5f0c-1/${name}/${name}.vmx`,
    uuid: `564d0000-0000-0000-0000-${String(vmid).padStart(12, "0")}`,
    powerState: "OFF",
    beganAtMs: nowMs - 3_600_000,
    obeys: true,
    toolsRun: true,
    question: null,
    asksAtPowerOn: null,
    refusal: null,
  };
}

export const movedOrCopied: VmQuestion = {
  id: "12",
  text: "This virtual machine may have been moved or copied.",
  choices: [
    { key: "0", label: "Cancel", isDefault: false },
    { key: "1", label: "I Moved It", isDefault: false },
    { key: "2", label: "I Copied It", isDefault: true },
  ],
};

export function summaryOf(vm: FakeVm, nowMs: number): VmSummary {
  const isOn = vm.powerState === "ON";
  return {
    ...unread,
    vmid: vm.vmid,
    name: vm.name,
    datastorePath: `[store] ${vm.name}/${vm.name}.vmx`,
    powerState: vm.powerState,
    connectionState: "CONNECTED",
    toolsStatus: vm.toolsRun ? "toolsOk" : "toolsNotRunning",
    uuid: vm.uuid,
    question: vm.question,
    uptimeSeconds: isOn ? Math.max(0, Math.floor((nowMs - vm.beganAtMs) / 1000)) : null,
  };
}

const unread = {
  overallStatus: null,
  bootTime: null,
  toolsRunningStatus: null,
  hostname: null,
  ipAddress: null,
  memorySizeMb: null,
  numCpu: null,
  numEthernetCards: null,
  numVirtualDisks: null,
  guestId: null,
  guestFullName: null,
  instanceUuid: null,
  hardwareVersion: null,
  consolidationNeeded: null,
  comment: null,
  overallCpuUsageMhz: null,
  guestMemoryUsageMb: null,
  hostMemoryUsageMb: null,
  storageCommittedBytes: null,
  storageUncommittedBytes: null,
} as const;
