/** What this machine lacks for a real OpenSSH with ESXi's shell. */
import { accessSync, constants } from "node:fs";

const needed = {
  "openssh-server": "/usr/sbin/sshd",
  "openssh-client": "/usr/bin/ssh-keygen",
  busybox: "/usr/bin/busybox",
  coreutils: "/usr/sbin/chroot",
};

/** The reason why suites that need it are skipped; undefined: all is there. */
export function whatIsMissing(): string | undefined {
  const packages = Object.entries(needed).filter(([, path]) => !isExecutable(path));
  if (packages.length > 0) return `not installed: ${packages.map(([name]) => name).join(", ")}`;
  return process.getuid?.() === 0 ? undefined : "only root may chroot";
}

/** Suite name that says why it is skipped, where it is. */
export function nameWithReason(name: string): string {
  const missing = whatIsMissing();
  return missing === undefined ? name : `${name} (skipped: ${missing})`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
