/** Captures of getallvms. */
import { expect } from "vitest";
import type { ListedVm } from "../../../driver.ts";
import { parseAllVms } from "../../getallvms.ts";
import { type Check, type Checks, fails } from "./check.ts";

const vm = (vmid: number, name: string, rest: readonly [path: string, guestId: string, version: string]): ListedVm => ({
  vmid,
  name,
  datastorePath: rest[0],
  guestId: rest[1],
  hardwareVersion: rest[2],
});

const lists =
  (vms: readonly ListedVm[], invalid: readonly number[] = []): Check =>
  (text) => {
    expect(parseAllVms(text)).toEqual({ ok: { vms, invalid } });
  };

const deleted = "The object has already been deleted or has not been completely created";

export const listingChecks: Checks = {
  "getallvms--apache-vcl--01.txt": lists([
    vm(496, "vm-ark-mcnc-9 (nonpersistent: vmwarewinxp-base234-v12)", [
      "[nfs-datastore] vm-ark-mcnc-9_234-v12/vm-ark-mcnc-9_234-v12.vmx",
      "winXPProGuest",
      "vmx-04",
    ]),
    vm(512, "vm-ark-mcnc-10 (nonpersistent: vmwarelinux-centosbase1617-v1)", [
      "[nfs-datastore] vm-ark-mcnc-10_1617-v1/vm-ark-mcnc-10_1617-v1.vmx",
      "otherLinuxGuest",
      "vmx-04",
    ]),
  ]),
  "getallvms--elatov-hp--01-grep.txt": fails(parseAllVms, "no list of VMs"),
  "getallvms--esxi65-invalid-note--01.txt": lists(
    [
      vm(1, "ubuntu-desktop", ["[HDD] ubuntu-desktop/ubuntu-desktop.vmx", "ubuntu64Guest", "vmx-13"]),
      vm(11, "ubuntu-server-1710", ["[HDD] ubuntu-server-1710/ubuntu-server-1710.vmx", "ubuntu64Guest", "vmx-13"]),
      vm(2, "ubuntu-server", ["[HDD] ubuntu-server/ubuntu-server.vmx", "ubuntu64Guest", "vmx-13"]),
      vm(3, "windows-7", ["[HDD] windows-7/windows-7.vmx", "windows7_64Guest", "vmx-13"]),
    ],
    [6],
  ),
  "getallvms--esximanager--01.txt": lists([
    vm(1, "R10_V4_Base", ["[ds-500gb] R10_V4_Base/R10_V4_Base.vmx", "centos7_64Guest", "vmx-14"]),
  ]),
  "getallvms--homer-esximon--01.txt": lists([
    vm(102, "GitLabRunner", ["[samsung_4t] virtualMachine/GitLabRunner/GitLabRunner.vmx", "rhel9_64Guest", "vmx-19"]),
    vm(103, "Docker", ["[samsung_4t] virtualMachine/Docker/Docker.vmx", "rhel9_64Guest", "vmx-19"]),
    vm(104, "Nps", ["[samsung_4t] virtualMachine/Nps/Nps.vmx", "rhel9_64Guest", "vmx-19"]),
    vm(106, "Npc", ["[samsung_4t] virtualMachine/Npc/Npc.vmx", "rhel9_64Guest", "vmx-19"]),
    vm(116, "WAF", ["[samsung_4t] virtualMachine/WAF/WAF.vmx", "rhel9_64Guest", "vmx-19"]),
    vm(122, "StreamGateway", [
      "[samsung_4t] virtualMachine/StreamGateway/StreamGateway.vmx",
      "rhel9_64Guest",
      "vmx-19",
    ]),
    vm(130, "fnOS", ["[samsung_4t] virtualMachine/fnOS/fnOS.vmx", "debian11_64Guest", "vmx-19"]),
    vm(131, "GitLabEE", ["[samsung_4t] GitLabEE/GitLabEE.vmx", "rhel9_64Guest", "vmx-19"]),
    vm(139, "Snapshot", ["[samsung_4t] Snapshot/Snapshot.vmx", "rhel9_64Guest", "vmx-19"]),
  ]),
  "getallvms--klimov-jenkins--01-empty.txt": lists([]),
  "getallvms--klimov-jenkins--03.txt": lists([vm(1, "x7", ["[pve-esx] x7/x7.vmx", "solaris10Guest", "vmx-19"])]),
  "getallvms--lrivallain--01.txt": lists([
    vm(1, "testVM", ["[LocalDatastore_001] testVM/testVM.vmx", "otherGuest", "vmx-10"]),
  ]),
  "getallvms--lrivallain--03-duplicate-names.txt": lists([
    vm(3, "CentosTest", ["[LocalDatastore_001] CentosTest/CentosTest.vmx", "otherLinuxGuest", "vmx-10"]),
    vm(6, "CentosTest", ["[LocalDatastore_001] LinkedClone1/LinkedClone1.vmx", "otherLinuxGuest", "vmx-10"]),
  ]),
  "getallvms--mono-notes--02.txt": (text) => {
    const parsed = parseAllVms(text);
    const vms = "ok" in parsed ? parsed.ok.vms : [];
    expect(vms.map((listed) => listed.vmid)).toEqual([112, 128, 144, 80, 96]);
    expect(vms[4]).toEqual(
      vm(96, "test-services-centos-6_5", [
        "[datastore2_maxtor_120GB] test-services-centos-6_5/test-services-centos-6_5.vmx",
        "centosGuest",
        "vmx-07",
      ]),
    );
    expect(vms.map((listed) => listed.guestId)).toEqual([
      "ubuntuGuest",
      "debian5Guest",
      "sles11Guest",
      "centosGuest",
      "centosGuest",
    ]);
  },
  "getallvms--sanger-packer--01.txt": lists([
    vm(40, "packer-vmware-iso", [
      "[wtgc-vmbd-01:datastore1] packer-vmware-iso/packer-vmware-iso.vmx",
      "ubuntu64Guest",
      "vmx-08",
    ]),
  ]),
  "getallvms--xpenology-ruby--01.txt": lists([
    vm(13, "xpenology-3810-esxi-1.1", [
      "[Transverse] xpenology-3810-esxi/xpenology-3810-esxi.vmx",
      "other26xLinux64Guest",
      "vmx-09",
    ]),
    vm(14, "xpenology-3810-esxi-1.1-test", [
      "[Transverse] xpenology-3810-esxi-test/xpenology-3810-esxi-test.vmx",
      "other26xLinux64Guest",
      "vmx-09",
    ]),
    vm(15, "xpenology-dsm5b-test", [
      "[Transverse] xpenology-dsm5-test/xpenology-dsm5-test.vmx",
      "other26xLinux64Guest",
      "vmx-09",
    ]),
    vm(4, "xubuntu-neo", ["[Transverse] xubuntu-neo/xubuntu-neo.vmx", "ubuntu64Guest", "vmx-08"]),
  ]),
  "getallvms--yingsongxue--01-invalid-only.txt": fails(parseAllVms, "Skipping invalid VM '2'"),
  "getallvms-fault--apache-vcl--01.txt": fails(parseAllVms, deleted),
};
