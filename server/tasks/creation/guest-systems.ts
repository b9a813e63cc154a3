/**
 * Guest operating systems as VMware names them, for hosts that can't tell which ones they know: id, name, and the virtual
 * hardware from which on it is known. A host's own list is always preferred, and its refusal is shown either way.
 */
import type { GuestSystem } from "../../model.ts";

const kept: readonly (readonly [id: string, fullName: string, sinceHardware: number])[] = [
  ["otherLinux64Guest", "Other Linux (64-bit)", 7],
  ["other26xLinux64Guest", "Other 2.6.x Linux (64-bit)", 7],
  ["other3xLinux64Guest", "Other 3.x Linux (64-bit)", 11],
  ["other4xLinux64Guest", "Other 4.x Linux (64-bit)", 14],
  ["other5xLinux64Guest", "Other 5.x Linux (64-bit)", 18],
  ["other6xLinux64Guest", "Other 6.x or later Linux (64-bit)", 20],
  ["debian8_64Guest", "Debian GNU/Linux 8 (64-bit)", 11],
  ["debian9_64Guest", "Debian GNU/Linux 9 (64-bit)", 13],
  ["debian10_64Guest", "Debian GNU/Linux 10 (64-bit)", 14],
  ["debian11_64Guest", "Debian GNU/Linux 11 (64-bit)", 17],
  ["debian12_64Guest", "Debian GNU/Linux 12 (64-bit)", 20],
  ["ubuntu64Guest", "Ubuntu Linux (64-bit)", 7],
  ["rhel7_64Guest", "Red Hat Enterprise Linux 7 (64-bit)", 9],
  ["rhel8_64Guest", "Red Hat Enterprise Linux 8 (64-bit)", 13],
  ["rhel9_64Guest", "Red Hat Enterprise Linux 9 (64-bit)", 17],
  ["centos64Guest", "CentOS 4/5 or later (64-bit)", 7],
  ["centos7_64Guest", "CentOS 7 (64-bit)", 11],
  ["centos8_64Guest", "CentOS 8 (64-bit)", 14],
  ["centos9_64Guest", "CentOS 9 (64-bit)", 18],
  ["rockylinux_64Guest", "Rocky Linux (64-bit)", 19],
  ["almalinux_64Guest", "AlmaLinux (64-bit)", 19],
  ["oracleLinux8_64Guest", "Oracle Linux 8 (64-bit)", 14],
  ["oracleLinux9_64Guest", "Oracle Linux 9 (64-bit)", 18],
  ["fedora64Guest", "Fedora Linux (64-bit)", 7],
  ["opensuse64Guest", "openSUSE (64-bit)", 7],
  ["sles12_64Guest", "SUSE Linux Enterprise 12 (64-bit)", 10],
  ["sles15_64Guest", "SUSE Linux Enterprise 15 (64-bit)", 13],
  ["vmwarePhoton64Guest", "VMware Photon OS (64-bit)", 13],
  ["freebsd64Guest", "FreeBSD (64-bit)", 7],
  ["freebsd12_64Guest", "FreeBSD 12 (64-bit)", 14],
  ["freebsd13_64Guest", "FreeBSD 13 (64-bit)", 18],
  ["windows7_64Guest", "Microsoft Windows 7 (64-bit)", 7],
  ["windows7Server64Guest", "Microsoft Windows Server 2008 R2 (64-bit)", 7],
  ["windows8_64Guest", "Microsoft Windows 8.x (64-bit)", 8],
  ["windows8Server64Guest", "Microsoft Windows Server 2012 (64-bit)", 8],
  ["windows9_64Guest", "Microsoft Windows 10 (64-bit)", 10],
  ["windows9Server64Guest", "Microsoft Windows Server 2016 (64-bit)", 10],
  ["windows2019srv_64Guest", "Microsoft Windows Server 2019 (64-bit)", 17],
  ["windows2019srvNext_64Guest", "Microsoft Windows Server 2022 (64-bit)", 19],
  ["windows2022srvNext_64Guest", "Microsoft Windows Server 2025 (64-bit)", 20],
  ["windows11_64Guest", "Microsoft Windows 11 (64-bit)", 20],
  ["vmkernel65Guest", "VMware ESXi 6.5", 13],
  ["vmkernel7Guest", "VMware ESXi 7.x", 17],
  ["vmkernel8Guest", "VMware ESXi 8.x", 20],
  ["otherGuest64", "Other (64-bit)", 7],
  ["otherGuest", "Other (32-bit)", 7],
];

/** What the host told, else the kept ones that its virtual hardware can run. */
export function guestSystemsOf(told: readonly GuestSystem[], hardwareVersion: number): readonly GuestSystem[] {
  if (told.length > 0) return told;
  return kept
    .filter(([, , since]) => since <= hardwareVersion)
    .map(([id, fullName]) => ({ id, fullName, firmware: null }));
}
