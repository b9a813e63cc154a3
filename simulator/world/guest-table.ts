/**
 * Guest systems as hosts know them: the word in a .vmx, the id that the API and getallvms print, the full name, the family, and the
 * first release that knows it. Names and ids are VMware's; from which release on is a guess for some.
 */
import type { EsxiVersion } from "../words.ts";

export type GuestFamily = "linuxGuest" | "windowsGuest" | "otherGuestFamily";

export interface Guest {
  /** `guestOS` of a .vmx, such as `debian12-64`. */
  readonly vmxName: string;
  /** Such as `debian12_64Guest`. */
  readonly id: string;
  readonly fullName: string;
  readonly family: GuestFamily;
  readonly since: EsxiVersion;
}

type Line = readonly [vmxName: string, id: string, fullName: string];

const linux: Readonly<Record<EsxiVersion, readonly Line[]>> = {
  "5.5.0": [
    ["otherlinux", "otherLinuxGuest", "Other Linux (32-bit)"],
    ["otherlinux-64", "otherLinux64Guest", "Other Linux (64-bit)"],
    ["other26xlinux", "other26xLinuxGuest", "Other 2.6.x Linux (32-bit)"],
    ["other26xlinux-64", "other26xLinux64Guest", "Other 2.6.x Linux (64-bit)"],
    ["other3xlinux", "other3xLinuxGuest", "Other 3.x Linux (32-bit)"],
    ["other3xlinux-64", "other3xLinux64Guest", "Other 3.x Linux (64-bit)"],
    ["ubuntu", "ubuntuGuest", "Ubuntu Linux (32-bit)"],
    ["ubuntu-64", "ubuntu64Guest", "Ubuntu Linux (64-bit)"],
    ["debian6-64", "debian6_64Guest", "Debian GNU/Linux 6 (64-bit)"],
    ["debian7-64", "debian7_64Guest", "Debian GNU/Linux 7 (64-bit)"],
    ["centos", "centosGuest", "CentOS 4/5 or later (32-bit)"],
    ["centos-64", "centos64Guest", "CentOS 4/5 or later (64-bit)"],
    ["rhel5-64", "rhel5_64Guest", "Red Hat Enterprise Linux 5 (64-bit)"],
    ["rhel6-64", "rhel6_64Guest", "Red Hat Enterprise Linux 6 (64-bit)"],
    ["rhel7-64", "rhel7_64Guest", "Red Hat Enterprise Linux 7 (64-bit)"],
    ["oraclelinux-64", "oracleLinux64Guest", "Oracle Linux 4/5 or later (64-bit)"],
    ["sles11-64", "sles11_64Guest", "SUSE Linux Enterprise 11 (64-bit)"],
    ["sles12-64", "sles12_64Guest", "SUSE Linux Enterprise 12 (64-bit)"],
    ["opensuse-64", "opensuse64Guest", "SUSE openSUSE (64-bit)"],
    ["fedora-64", "fedora64Guest", "Red Hat Fedora (64-bit)"],
    ["asianux4-64", "asianux4_64Guest", "Asianux 4 (64-bit)"],
  ],
  "6.0.0": [
    ["debian8-64", "debian8_64Guest", "Debian GNU/Linux 8 (64-bit)"],
    ["coreos-64", "coreos64Guest", "CoreOS Linux (64-bit)"],
  ],
  "6.5.0": [
    ["debian9-64", "debian9_64Guest", "Debian GNU/Linux 9 (64-bit)"],
    ["debian10-64", "debian10_64Guest", "Debian GNU/Linux 10 (64-bit)"],
    ["centos6-64", "centos6_64Guest", "CentOS 6 (64-bit)"],
    ["centos7-64", "centos7_64Guest", "CentOS 7 (64-bit)"],
    ["oraclelinux7-64", "oracleLinux7_64Guest", "Oracle Linux 7 (64-bit)"],
    ["vmware-photon-64", "vmwarePhoton64Guest", "VMware Photon OS (64-bit)"],
  ],
  "6.7.0": [
    ["other4xlinux", "other4xLinuxGuest", "Other 4.x or later Linux (32-bit)"],
    ["other4xlinux-64", "other4xLinux64Guest", "Other 4.x or later Linux (64-bit)"],
    ["rhel8-64", "rhel8_64Guest", "Red Hat Enterprise Linux 8 (64-bit)"],
    ["centos8-64", "centos8_64Guest", "CentOS 8 (64-bit)"],
    ["sles15-64", "sles15_64Guest", "SUSE Linux Enterprise 15 (64-bit)"],
    ["amazonlinux2-64", "amazonlinux2_64Guest", "Amazon Linux 2 (64-bit)"],
  ],
  "7.0.3": [
    ["debian11-64", "debian11_64Guest", "Debian GNU/Linux 11 (64-bit)"],
    ["debian12-64", "debian12_64Guest", "Debian GNU/Linux 12 (64-bit)"],
    ["rhel9-64", "rhel9_64Guest", "Red Hat Enterprise Linux 9 (64-bit)"],
    ["centos9-64", "centos9_64Guest", "CentOS 9 (64-bit)"],
    ["oraclelinux8-64", "oracleLinux8_64Guest", "Oracle Linux 8 (64-bit)"],
    ["oraclelinux9-64", "oracleLinux9_64Guest", "Oracle Linux 9 (64-bit)"],
    ["rockylinux-64", "rockylinux_64Guest", "Rocky Linux (64-bit)"],
    ["almalinux-64", "almalinux_64Guest", "AlmaLinux (64-bit)"],
    ["sles16-64", "sles16_64Guest", "SUSE Linux Enterprise 16 (64-bit)"],
    ["amazonlinux3-64", "amazonlinux3_64Guest", "Amazon Linux 3 (64-bit)"],
    ["other5xlinux", "other5xLinuxGuest", "Other 5.x or later Linux (32-bit)"],
    ["other5xlinux-64", "other5xLinux64Guest", "Other 5.x or later Linux (64-bit)"],
  ],
  "8.0.1": [
    ["other6xlinux", "other6xLinuxGuest", "Other 6.x or later Linux (32-bit)"],
    ["other6xlinux-64", "other6xLinux64Guest", "Other 6.x or later Linux (64-bit)"],
  ],
  "9.0.0": [
    ["debian13-64", "debian13_64Guest", "Debian GNU/Linux 13 (64-bit)"],
    ["rhel10-64", "rhel10_64Guest", "Red Hat Enterprise Linux 10 (64-bit)"],
    ["oraclelinux10-64", "oracleLinux10_64Guest", "Oracle Linux 10 (64-bit)"],
    ["other7xlinux-64", "other7xLinux64Guest", "Other 7.x or later Linux (64-bit)"],
  ],
};

const windows: Partial<Record<EsxiVersion, readonly Line[]>> = {
  "5.5.0": [
    ["winnetstandard-64", "winNetStandard64Guest", "Microsoft Windows Server 2003 Standard (64-bit)"],
    ["longhorn-64", "winLonghorn64Guest", "Microsoft Windows Server 2008 (64-bit)"],
    ["windows7", "windows7Guest", "Microsoft Windows 7 (32-bit)"],
    ["windows7-64", "windows7_64Guest", "Microsoft Windows 7 (64-bit)"],
    ["windows7srv-64", "windows7Server64Guest", "Microsoft Windows Server 2008 R2 (64-bit)"],
    ["windows8-64", "windows8_64Guest", "Microsoft Windows 8.x (64-bit)"],
    ["windows8srv-64", "windows8Server64Guest", "Microsoft Windows Server 2012 (64-bit)"],
  ],
  "6.0.0": [
    ["windows9", "windows9Guest", "Microsoft Windows 10 (32-bit)"],
    ["windows9-64", "windows9_64Guest", "Microsoft Windows 10 (64-bit)"],
    ["windows9srv-64", "windows9Server64Guest", "Microsoft Windows Server 2016 (64-bit)"],
  ],
  "6.7.0": [["windows2019srv-64", "windows2019srv_64Guest", "Microsoft Windows Server 2019 (64-bit)"]],
  "7.0.3": [["windows2019srvnext-64", "windows2019srvNext_64Guest", "Microsoft Windows Server 2022 (64-bit)"]],
  "8.0.1": [
    ["windows11-64", "windows11_64Guest", "Microsoft Windows 11 (64-bit)"],
    ["windows12-64", "windows12_64Guest", "Microsoft Windows 12 (64-bit)"],
    ["windows2022srvnext-64", "windows2022srvNext_64Guest", "Microsoft Windows Server 2025 (64-bit)"],
  ],
};

const others: Partial<Record<EsxiVersion, readonly Line[]>> = {
  "5.5.0": [
    ["other", "otherGuest", "Other (32-bit)"],
    ["other-64", "otherGuest64", "Other (64-bit)"],
    ["freebsd", "freebsdGuest", "FreeBSD Pre-11 versions (32-bit)"],
    ["freebsd-64", "freebsd64Guest", "FreeBSD Pre-11 versions (64-bit)"],
    ["solaris11-64", "solaris11_64Guest", "Oracle Solaris 11 (64-bit)"],
    ["vmkernel5", "vmkernel5Guest", "VMware ESXi 5.x"],
  ],
  "6.0.0": [["vmkernel6", "vmkernel6Guest", "VMware ESXi 6.x"]],
  "6.5.0": [["vmkernel65", "vmkernel65Guest", "VMware ESXi 6.5 or later"]],
  "6.7.0": [
    ["freebsd11-64", "freebsd11_64Guest", "FreeBSD 11 (64-bit)"],
    ["freebsd12-64", "freebsd12_64Guest", "FreeBSD 12 (64-bit)"],
  ],
  "7.0.3": [
    ["freebsd13-64", "freebsd13_64Guest", "FreeBSD 13 (64-bit)"],
    ["vmkernel7", "vmkernel7Guest", "VMware ESXi 7.x"],
  ],
  "8.0.1": [
    ["freebsd14-64", "freebsd14_64Guest", "FreeBSD 14 or later versions (64-bit)"],
    ["vmkernel8", "vmkernel8Guest", "VMware ESXi 8.0 or later"],
  ],
  "9.0.0": [["vmkernel9", "vmkernel9Guest", "VMware ESXi 9.0 or later"]],
};

function listed(family: GuestFamily, table: Partial<Record<EsxiVersion, readonly Line[]>>): Guest[] {
  return Object.entries(table).flatMap(([since, lines]) =>
    lines.map(([vmxName, id, fullName]) => ({ vmxName, id, fullName, family, since: since as EsxiVersion })),
  );
}

export const guests: readonly Guest[] = [
  ...listed("linuxGuest", linux),
  ...listed("windowsGuest", windows),
  ...listed("otherGuestFamily", others),
];
