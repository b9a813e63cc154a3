/** Synthetic: no capture of this command was found. The form follows vim.vm.ConfigOption and the grammar of the other dumps. */
import { describe, expect, it } from "vitest";
import { parseConfigOptions } from "./config-options.ts";

const whole = `(vim.vm.ConfigOption) {
   version = "vmx-20",${" "}
   description = "ESXi 8.0 and later virtual machine",${" "}
   guestOSDescriptor = (vim.vm.GuestOsDescriptor) [
      (vim.vm.GuestOsDescriptor) {
         id = "windows9_64Guest",${" "}
         family = "windowsGuest",${" "}
         fullName = "Microsoft Windows 10 (64-bit)",${" "}
         recommendedFirmware = "efi"
      },${" "}
      (vim.vm.GuestOsDescriptor) {
         id = "debian12_64Guest",${" "}
         fullName = "Debian GNU/Linux 12 (64-bit)",${" "}
         recommendedFirmware = "bios"
      },${" "}
      (vim.vm.GuestOsDescriptor) {
         id = "otherLinux64Guest",${" "}
         fullName = <unset>
      },${" "}
      (vim.vm.GuestOsDescriptor) {
         id = "$(reboot)",${" "}
         fullName = "Hostile"
      }
   ],${" "}
   guestOSDefaultIndex = 0
}
`;

describe("solo/querycfgopt", () => {
  it("names the virtual hardware and the guests, by name; an id that can't be one is left out", () => {
    expect(parseConfigOptions(whole)).toEqual({
      ok: {
        hardwareVersion: "vmx-20",
        guestSystems: [
          { id: "debian12_64Guest", fullName: "Debian GNU/Linux 12 (64-bit)", firmware: "BIOS" },
          { id: "windows9_64Guest", fullName: "Microsoft Windows 10 (64-bit)", firmware: "EFI" },
          { id: "otherLinux64Guest", fullName: "otherLinux64Guest", firmware: null },
        ],
      },
    });
  });

  it("tells no hardware where it is printed as something else", () => {
    const { ok } = parseConfigOptions(whole.replace("vmx-20", "latest")) as { ok: { hardwareVersion: string | null } };
    expect(ok.hardwareVersion).toBeNull();
  });

  it.each([
    ["a refusal", "Invalid command 'solo/querycfgopt'.\n", "Invalid command"],
    ["nothing", "", "cut"],
    ["hostd's silence", "Failed to login: Connection refused\n", "Failed to login"],
    ["a dump that was cut", whole.slice(0, 300), "vim.vm.ConfigOption"],
    ["another object", "(vim.host.Summary) {\n   x = 1\n}\n", "vim.host.Summary"],
  ])("tells nothing for %s", (_what, text, words) => {
    const { failed } = parseConfigOptions(text) as { failed: string };
    expect(failed.length).toBeGreaterThan(0);
    if (text !== "") expect(failed).toContain(words);
  });
});
