/** What this machine lacks for a real OpenSSH with ESXi's shell. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isExecutable } from "../harness/on-path.ts";

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
  return process.getuid?.() === 0 && mayMakeDevices() ? undefined : "only root may chroot and make /dev/null";
}

/** Suite name that says why it is skipped, where it is. */
export function nameWithReason(name: string): string {
  const missing = whatIsMissing();
  return missing === undefined ? name : `${name} (skipped: ${missing})`;
}

/** A container may have a root who may not. */
function mayMakeDevices(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "ecoman-null-"));
  const made = spawnSync("mknod", [join(folder, "null"), "c", "1", "3"]);
  rmSync(folder, { recursive: true, force: true });
  return made.status === 0;
}

/** Some containers let root do all else, but not mount. */
export function mayMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), "ecoman-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder]).status === 0;
  if (mounted) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true, force: true });
  return mounted;
}
