import { describe, expect, test } from "vitest";
import { openLab } from "../test-lab.ts";
import { esxiVersions } from "../words.ts";

describe("solo/querycfgopt", () => {
  test.each(esxiVersions)("names the hardware and the guests of %s", async (version) => {
    await using lab = await openLab({ version });
    const { stdout, exitCode } = await lab.ssh.exec("vim-cmd solo/querycfgopt");
    const hardware = { "5.5.0": 10, "6.0.0": 11, "6.5.0": 13, "6.7.0": 14, "7.0.3": 19, "8.0.1": 20, "9.0.0": 22 }[
      version
    ];
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\(vim\.vm\.ConfigOption\) \{\n/);
    expect(stdout).toContain(`   version = "vmx-${hardware}", \n`);
    const ids = [...stdout.matchAll(/^ {9}id = "(.*)", $/gm)].map((match) => match[1]);
    expect(ids.includes("ubuntu64Guest")).toBe(true);
    expect(ids.includes("debian12_64Guest")).toBe(["7.0.3", "8.0.1", "9.0.0"].includes(version));
    expect(ids.includes("other6xLinux64Guest")).toBe(["8.0.1", "9.0.0"].includes(version));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("each with its family, its devices and its firmware", async () => {
    await using lab = await openLab({ version: "8.0.1" });
    const { stdout } = await lab.ssh.exec("vim-cmd solo/querycfgopt");
    const of = (id: string): string =>
      stdout.split("(vim.vm.GuestOsDescriptor) {").find((each) => each.includes(`id = "${id}"`)) ?? "";
    const debian = of("debian12_64Guest");
    for (const line of [
      'family = "linuxGuest"',
      'fullName = "Debian GNU/Linux 12 (64-bit)"',
      'recommendedDiskController = "vim.vm.device.ParaVirtualSCSIController"',
      'recommendedEthernetCard = "vim.vm.device.VirtualVmxnet3"',
      'recommendedFirmware = "efi"',
      "supportsSecureBoot = true",
      '(string) [\n            "vim.vm.device.VirtualE1000", \n',
    ])
      expect(debian).toContain(line);
    expect(of("windows9Server64Guest")).toContain(
      'recommendedDiskController = "vim.vm.device.VirtualLsiLogicSASController"',
    );
    expect(of("otherGuest")).toContain('recommendedFirmware = "bios"');
  });

  test("a host may not know the command", async () => {
    await using lab = await openLab({ answersConfigOptions: false });
    expect(await lab.ssh.exec("vim-cmd solo/querycfgopt")).toEqual({
      stdout: "",
      stderr: "Invalid command 'solo/querycfgopt'.\n",
      exitCode: 1,
    });
  });
});
