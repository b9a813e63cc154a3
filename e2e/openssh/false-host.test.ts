/** The false host itself: that it lacks what ESXi lacks, records what is called, and switches power. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { openShell, type TestShell } from "./open-shell.ts";
import { type OpenSsh, startOpenSsh } from "./openssh.ts";

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("the false ESXi host under OpenSSH"), () => {
  let openssh: OpenSsh;
  let shell: TestShell;
  beforeAll(async () => {
    openssh = await startOpenSsh();
    shell = openShell(openssh.nodeConfig());
    await openssh.world.setVms([
      { vmid: 1, name: "web", power: "on" },
      { vmid: 20, name: "db (old)", power: "off" },
    ]);
  });
  afterAll(async () => {
    await shell?.shell.close();
    await openssh?.close();
  });

  it.each(["command", "tr", "umask", "nohup", "setsid", "base64", "logger", "bash", "perl"])(
    "has no %s",
    async (name) => {
      expect(await shell.output(`${name} -v ls 2>/dev/null; echo $?; sh -c '${name} -v ls' 2>/dev/null; echo $?`)).toBe(
        "127\n127\n",
      );
    },
  );

  it("has the applets that ESXi has, and /vmfs", async () => {
    await writeFile(join(openssh.world.root, "vmfs/volumes/note"), "b 2\na 1\n");
    expect(await shell.output("sort /vmfs/volumes/note | awk '{ print $2 }' | sed 's/$/./' | head -1")).toBe("1.\n");
    expect(await shell.output("which vim-cmd && readlink /bin/ls")).toBe("/stub/bin/vim-cmd\nbusybox\n");
  });

  it("records every call in order, with its words as they came and what it ate", async () => {
    await openssh.world.forgetCalls();
    await shell.output(`vim-cmd vmsvc/get.summary 1\nesxcli --formatter=csv vm process list\nvim-cmd 'a b' '' "*"`);
    await shell.output("printf 'four' | vim-cmd vmsvc/getallvms");
    expect((await openssh.calls()).map(({ argv, stdinBytes }) => [argv, stdinBytes])).toEqual([
      [["vim-cmd", "vmsvc/get.summary", "1"], 0],
      [["esxcli", "--formatter=csv", "vm", "process", "list"], 0],
      [["vim-cmd", "a b", "", "*"], 0],
      [["vim-cmd", "vmsvc/getallvms"], 4],
    ]);
  });

  it("lists its VMs and switches their power", async () => {
    expect(await shell.output("vim-cmd vmsvc/getallvms")).toContain(
      "\n20     db (old)   [datastore1] db (old)/db (old).vmx",
    );
    expect(await shell.output("vim-cmd vmsvc/power.on 20; vim-cmd vmsvc/power.getstate 20")).toBe(
      "Powering on VM:\nRetrieved runtime info\nPowered on\n",
    );
    expect(await openssh.world.power(20)).toBe("on");
    expect(await shell.output("esxcli --formatter=csv vm process list")).toContain(",db (old),");
    expect(await shell.output("vim-cmd vmsvc/get.summary 20")).toContain('powerState = "poweredOn"');
    expect(await shell.output("vim-cmd vmsvc/power.on 20 2>&1; echo $?")).toBe("Powering on VM:\nPower on failed\n1\n");
    expect(await shell.output("vim-cmd vmsvc/power.getstate 3")).toContain("vim.fault.NotFound");
  });

  it("gives scripted answers, delays and hangs", async () => {
    const call = ["vim-cmd", "vmsvc/get.summary", "1"];
    await openssh.world.answer(call, { stdout: "odd\n", stderr: "worse\n", exitCode: 3 });
    const result = await shell.shell.run("vim-cmd vmsvc/get.summary 1", { deadlineMs: 20_000 });
    expect(result).toEqual({ stdout: "odd\n", stderr: "worse\n", exitCode: 3 });
    await openssh.world.forgetAnswer(call);
    expect(await shell.output("vim-cmd vmsvc/get.summary 1")).toContain("Listsummary:");

    await openssh.world.setHanging("esxcli", true);
    const hanging = shell.output("esxcli --formatter=csv vm process list");
    await openssh.world.setDelay("vim-cmd", 0.05);
    expect(await shell.output("vim-cmd vmsvc/power.getstate 1")).toContain("Powered on");
    await openssh.world.setHanging("esxcli", false);
    expect(await hanging).toContain(",web,");
  });
});
