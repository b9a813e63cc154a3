/**
 * A folder to chroot into that has what an ESXi host's shell has, and no more: busybox ash, a few applets, stubs.
 *
 * There is no /proc in it, so busybox can't run an applet by itself: a command that has no link in /bin is not found,
 * as on ESXi.
 */
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const busybox = "/usr/bin/busybox";
const stubs = join(import.meta.dirname, "stubs");

/** Present on ESXi 6.5 to 8.0 by a public tool's probe; `nohup`, `tr`, `base64` and others were missing on some. */
const applets = (
  "sh ash cat awk sed grep find stat date mkdir rmdir mv rm cp head tail readlink sleep kill test printf echo ls du wc " +
  "sort uniq ps touch which true false"
).split(" ");

/** Makes the folder's content; answers nothing, the paths are those of ESXi. */
export async function buildEsxiRoot(root: string): Promise<void> {
  const folders = ["bin", "dev", "tmp", "vmfs/volumes", "etc/vmware/hostd", "stub/bin", "stub/calls", "stub/answers"];
  for (const folder of [...folders, "stub/delay", "stub/hang", "stub/dead", "stub/vms", "stub/tasks"]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await chmod(join(root, "tmp"), 0o1777);
  await run("mknod", ["-m", "666", join(root, "dev/null"), "c", "1", "3"]);
  await copyFile(busybox, join(root, "bin/busybox"));
  for (const library of await librariesOf(busybox)) {
    await mkdir(join(root, dirname(library)), { recursive: true });
    await copyFile(library, join(root, library));
  }
  for (const applet of applets) await symlink("busybox", join(root, "bin", applet));
  await copyStubs(root);
}

/** The program that sshd runs in place of each command. */
export async function writeForcedCommand(root: string, path: string): Promise<void> {
  const lines = [
    "#!/bin/sh",
    "[ -n \"$SSH_ORIGINAL_COMMAND\" ] || { echo 'only commands' >&2; exit 1; }",
    `exec /usr/bin/env -i PATH=/stub/bin:/bin SSH_ORIGINAL_COMMAND="$SSH_ORIGINAL_COMMAND" /usr/sbin/chroot ${root} \\`,
    `  /bin/busybox ash -c '. /stub/prelude.sh; eval "$SSH_ORIGINAL_COMMAND"'`,
    "",
  ];
  await writeFile(path, lines.join("\n"), { mode: 0o755 });
}

async function copyStubs(root: string): Promise<void> {
  for (const name of await readdir(stubs)) {
    if (name.endsWith(".md")) continue;
    const target = name.endsWith(".sh") ? join(root, "stub", name) : join(root, "stub/bin", name);
    await copyFile(join(stubs, name), target);
    await chmod(target, 0o755);
  }
  await symlink("esxcli", join(root, "stub/bin/localcli"));
}

async function librariesOf(program: string): Promise<readonly string[]> {
  // ldd fails on a static program, which needs none.
  const listed = await run("ldd", [program]).catch(() => ({ stdout: "" }));
  return [...listed.stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}
