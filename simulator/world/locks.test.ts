import { describe, expect, test } from "vitest";
import type { TestLab } from "../test-lab.ts";
import { openLab, vmxText } from "../test-lab.ts";
import type { SimulatorOptions } from "../words.ts";

/** web/web.vmx with its disk, registered as VM 1 (16 on 5.x). */
async function created(options: SimulatorOptions = {}, vmx = vmxText()): Promise<TestLab & { readonly vmid: number }> {
  const lab = await openLab(options);
  const folder = `${lab.volume}/web`;
  await lab.ssh.exec(`mkdir ${folder}; vmkfstools -c 1G -d thin ${folder}/web.vmdk`);
  await lab.ssh.exec(`cat >${folder}/web.vmx`, vmx);
  const { stdout } = await lab.ssh.exec(`vim-cmd solo/registervm ${folder}/web.vmx`);
  return { ...lab, vmid: Number(stdout), [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose]() };
}

describe("a created VM that runs", () => {
  test("has nvram, a log and a swap file; the last goes with the power", async () => {
    await using lab = await created();
    const { host, ssh, volume } = lab;
    const free = host.freeOf("datastore1");
    expect((await ssh.exec("vim-cmd vmsvc/power.on 1")).stdout).toBe("Powering on VM:\n");
    const swap = `web-${host.vm(1).uuid.slice(0, 8)}.vswp`;
    const files = (await ssh.exec(`ls ${volume}/web`)).stdout.split("\n").filter(Boolean);
    expect(files.toSorted()).toEqual(
      [swap, "vmware.log", "web-flat.vmdk", "web.nvram", "web.vmdk", "web.vmsd", "web.vmx", "web.vmxf"].toSorted(),
    );
    expect((await ssh.exec(`stat -c %s ${volume}/web/${swap}`)).stdout).toBe(`${2 ** 30}\n`);
    expect(host.freeOf("datastore1")).toBe(free - 2 ** 30);
    await ssh.exec("vim-cmd vmsvc/power.off 1");
    expect((await ssh.exec(`ls ${volume}/web`)).stdout).not.toContain("vswp");
    expect(host.freeOf("datastore1")).toBe(free);
  });

  test("holds its files until it is off", async () => {
    await using lab = await created();
    const { ssh, volume } = lab;
    await ssh.exec("vim-cmd vmsvc/power.on 1");
    const busy = "Device or resource busy\n";
    for (const file of ["web.vmx", "web.vmdk", "web-flat.vmdk", "web.nvram"]) {
      const { stderr, exitCode } = await ssh.exec(`rm -f ${volume}/web/${file}`);
      expect({ file, stderr, exitCode }).toEqual({
        file,
        stderr: `rm: can't remove '${volume}/web/${file}': ${busy}`,
        exitCode: 1,
      });
    }
    const whole = await ssh.exec(`rm -rf ${volume}/web`);
    expect(whole.exitCode).toBe(1);
    expect((await ssh.exec(`cat ${volume}/web/web-flat.vmdk`)).exitCode).toBe(1);
    expect((await ssh.exec(`echo x >${volume}/web/web.vmdk`)).stderr).toContain(busy);
    expect((await ssh.exec(`mv ${volume}/web/web.vmdk /tmp/x`)).exitCode).toBe(1);
    expect((await ssh.exec(`vmkfstools -U ${volume}/web/web.vmdk`)).stderr).toContain(
      "Failed to lock the file (16392)",
    );
    expect((await ssh.exec(`cat ${volume}/web/web.vmx`)).stdout).toContain('displayName = "web"');
    await ssh.exec("vim-cmd vmsvc/power.off 1");
    expect(await ssh.exec(`vmkfstools -U ${volume}/web/web.vmdk`)).toMatchObject({ stderr: "", exitCode: 0 });
  });
});

describe("what keeps it from starting is told as that release does", () => {
  test.each([
    ["5.5.0", "stdout", "(vim.fault.GenericVmConfigFault) {"],
    ["6.5.0", "stderr", "Power on failed\n"],
    ["8.0.1", "stderr", "Power on failed: (vim.fault.GenericVmConfigFault) {"],
  ] as const)("%s: no disk", async (version, stream, text) => {
    await using lab = await created({ version });
    const { host, ssh, volume, vmid } = lab;
    await ssh.exec(`rm ${volume}/web/web-flat.vmdk`);
    const output = await ssh.exec(`vim-cmd vmsvc/power.on ${vmid}`);
    expect(output.exitCode).toBe(1);
    expect(output[stream]).toContain(text);
    if (version !== "6.5.0") {
      expect(output[stream]).toContain(`Cannot open the disk '${volume}/web/web.vmdk' or one of the snapshot disks`);
    }
    expect(host.vm(vmid).power).toBe("OFF");
  });

  test("more CPUs than the host has", async () => {
    await using lab = await created({}, vmxText({ numvcpus: "999" }));
    expect((await lab.ssh.exec("vim-cmd vmsvc/power.on 1")).stderr).toContain("999 virtual CPUs");
  });
});

test("a VM whose .vmx is taken away is invalid, until it is back and reloaded", async () => {
  await using lab = await created();
  const { host, ssh, volume } = lab;
  await ssh.exec(`mv ${volume}/web/web.vmx /tmp/kept`);
  expect((await ssh.exec("vim-cmd vmsvc/getallvms")).stdout).toContain("Skipping invalid VM '1'\n");
  expect(await host.readFile("/etc/vmware/hostd/vmInventory.xml")).toContain("web/web.vmx");
  await ssh.exec(`mv /tmp/kept ${volume}/web/web.vmx; vim-cmd vmsvc/reload 1`);
  expect((await ssh.exec("vim-cmd vmsvc/getallvms")).stdout).not.toContain("Skipping");
  await ssh.exec(`rm -f ${volume}/web/web.vmx`);
  expect((await ssh.exec("vim-cmd vmsvc/unregister 1")).exitCode).toBe(0);
  expect(host.vms()).toEqual([]);
});

test("of two registrations of one path at once, one is told that it exists", async () => {
  await using lab = await created();
  const { host, ssh, volume } = lab;
  await ssh.exec("vim-cmd vmsvc/unregister 1");
  const command = `vim-cmd solo/registervm ${volume}/web/web.vmx`;
  const outputs = await Promise.all([ssh.exec(command), ssh.exec(command)]);
  expect(outputs.filter((each) => each.exitCode === 0)).toHaveLength(1);
  expect(outputs.find((each) => each.exitCode === 1)?.stdout).toContain("vim.fault.AlreadyExists");
  expect(host.vms()).toHaveLength(1);
});
