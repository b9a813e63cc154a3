/** Guest systems: the host's id and the full name it prints for it. */
import type { Random } from "../random.ts";

const fullNames: Readonly<Record<string, string>> = {
  ubuntu64Guest: "Ubuntu Linux (64-bit)",
  debian11_64Guest: "Debian GNU/Linux 11 (64-bit)",
  rockylinux_64Guest: "Rocky Linux (64-bit)",
  centos7_64Guest: "CentOS 7 (64-bit)",
  windows2019srv_64Guest: "Microsoft Windows Server 2019 (64-bit)",
  windows9_64Guest: "Microsoft Windows 10 (64-bit)",
  freebsd13_64Guest: "FreeBSD 13 (64-bit)",
  other5xLinux64Guest: "Other 5.x or later Linux (64-bit)",
};

export function guestFullName(guestId: string): string {
  return fullNames[guestId] ?? `Other (${guestId})`;
}

export function pickGuest(random: Random): string {
  return random.pick(Object.keys(fullNames));
}
