import { describe, expect, test } from "vitest";
import { guestOsOf } from "../../esxi/guest-os.ts";
import { guestOfIso } from "./guest-of-iso.ts";
import { guestSystemsOf } from "./guest-systems.ts";
import { hardwareVersionOf } from "./hardware-version.ts";

describe("the newest virtual hardware", () => {
  test.each([
    ["9.1.0", 22],
    ["9.0.0", 22],
    ["8.0.3", 21],
    ["8.0.2", 21],
    ["8.0.1", 20],
    ["7.0.3", 19],
    ["7.0.0", 17],
    ["6.7.0", 14],
    ["6.5.0", 13],
    ["6.0.0", 11],
    ["5.5.0", 10],
    ["4.1.0", 7],
  ])("of %s is %i, where the host does not tell", (version, hardware) => {
    expect(hardwareVersionOf({ version, hardwareVersion: null })).toBe(hardware);
  });

  test("is what the host tells, where it does", () => {
    expect(hardwareVersionOf({ version: "6.7.0", hardwareVersion: "vmx-15" })).toBe(15);
    expect(hardwareVersionOf({ version: "5.0.0", hardwareVersion: "vmx-08" })).toBe(8);
    expect(hardwareVersionOf({ version: "8.0.1", hardwareVersion: "newest" })).toBe(20);
  });
});

describe("the guest of an image", () => {
  test.each([
    ["debian-12.11.0-amd64-netinst.iso", "debian12_64Guest"],
    ["debian-13.1.0-amd64-DVD-1.iso", "debian12_64Guest"],
    ["ubuntu-24.04.2-live-server-amd64.iso", "ubuntu64Guest"],
    ["Rocky-9.4-x86_64-minimal.iso", "rockylinux_64Guest"],
    ["AlmaLinux-9-latest-x86_64-boot.iso", "almalinux_64Guest"],
    ["rhel-8.10-x86_64-dvd.iso", "rhel8_64Guest"],
    ["CentOS-Stream-9-latest-x86_64-dvd1.iso", "centos9_64Guest"],
    ["CentOS-7-x86_64-Minimal-2009.iso", "centos7_64Guest"],
    ["Fedora-Server-dvd-x86_64-41.iso", "fedora64Guest"],
    ["openSUSE-Leap-15.6-DVD.iso", "opensuse64Guest"],
    ["FreeBSD-14.1-RELEASE-amd64-disc1.iso", "freebsd13_64Guest"],
    ["VMware-VMvisor-Installer-7.0U3-18644231.x86_64.iso", "vmkernel7Guest"],
    ["Win11_24H2_English_x64.iso", "windows11_64Guest"],
    ["Win10_22H2.iso", "windows9_64Guest"],
    ["windows_server_2019.iso", "windows2019srv_64Guest"],
    ["WinSrv2022 eval.iso", "windows2019srvNext_64Guest"],
    ["alpine-virt-3.20.iso", "otherLinux64Guest"],
    ["install.iso", "otherLinux64Guest"],
  ])("%s is %s", (file, guest) => {
    expect(guestOfIso(`/vmfs/volumes/u/iso/${file}`, guestSystemsOf([], 20))).toBe(guest);
  });

  test("is an older one of its kind where the host does not know the very one", () => {
    expect(guestOfIso("/x/debian-12.iso", guestSystemsOf([], 14))).toBe("debian10_64Guest");
    expect(guestOfIso("/x/debian-12.iso", guestSystemsOf([], 10))).toBe("otherLinux64Guest");
    expect(guestOfIso("/x/Rocky-9.iso", guestSystemsOf([], 17))).toBe("rhel9_64Guest");
    expect(guestOfIso(null, guestSystemsOf([], 20))).toBe("otherLinux64Guest");
  });
});

describe("a guest's name in a .vmx", () => {
  test.each([
    ["debian12_64Guest", "debian12-64"],
    ["ubuntu64Guest", "ubuntu-64"],
    ["otherLinux64Guest", "otherlinux-64"],
    ["otherGuest64", "other-64"],
    ["otherGuest", "other"],
    ["other3xLinux64Guest", "other3xlinux-64"],
    ["rhel9_64Guest", "rhel9-64"],
    ["windows9_64Guest", "windows9-64"],
    ["windows9Server64Guest", "windows9srv-64"],
    ["windows2019srvNext_64Guest", "windows2019srvnext-64"],
    ["vmwarePhoton64Guest", "vmware-photon-64"],
    ["vmkernel7Guest", "vmkernel7"],
  ])("%s is %s", (id, guestOs) => {
    expect(guestOsOf(id)).toBe(guestOs);
  });
});
