/** Captures of power commands, and of refusals of any command. */
import { expect } from "vitest";
import { isHostdTrouble } from "../../hostd-trouble.ts";
import { classifyHostText, parsePowerState, parsePowerText } from "../../power-text.ts";
import { parseSummary } from "../../summary.ts";
import { type Check, type Checks } from "./check.ts";

const refusal =
  (code: string, message: string): Check =>
  (text) => {
    expect(classifyHostText(text)).toEqual({ code, message });
    expect(parsePowerText(text)).not.toHaveProperty("ok");
  };

const succeeds: Check = (text) => {
  expect(parsePowerText(text)).toEqual({ ok: true });
};

const notFound = (what: string): string => `Unable to find a VM corresponding to "${what}"`;

export const powerChecks: Checks = {
  "power.getstate--apache-vcl--01.txt": (text) => {
    expect(parsePowerState(text)).toEqual({ ok: "ON" });
  },
  "power.getstate--apache-vcl--03.txt": (text) => {
    expect(parsePowerState(text)).toEqual({ ok: "SUSPENDED" });
  },
  "power.getstate-notfound--esximanager--01.txt": (text) => {
    expect(parsePowerState(text)).toEqual({ failed: notFound("2") });
    expect(parseSummary(text)).toEqual({ gone: notFound("2") });
  },
  "power.off--lrivallain--01.txt": succeeds,
  "power.on--lrivallain--01.txt": succeeds,
  "power.off-already-off--apache-vcl--01.txt": (text) => {
    expect(parsePowerText(text)).toMatchObject({
      fault: { type: "vim.fault.InvalidPowerState", existingState: "poweredOff" },
    });
  },
  "power.on-already-on--apache-vcl--01.txt": (text) => {
    expect(parsePowerText(text)).toMatchObject({
      fault: { type: "vim.fault.InvalidPowerState", existingState: "poweredOn" },
    });
  },
  "power.on-fail--esxi9-nitya--01.txt": refusal(
    "HOST_REFUSED",
    "This host does not support AMD-V. This host appears to be running in a virtual machine with VHV disabled. Ensure that VHV is enabled in the virtual machine configuration file. Module 'MonitorMode' power on failed. Failed to start the virtual machine.",
  ),
  "power.on-fail-streams--packer-3781--01.txt": refusal("HOST_REFUSED", "==STDOUT== ==STDERR== Power on failed"),
  "power.on-of-fault-text--autocreate-3--01.txt": refusal("NOT_FOUND", notFound("(vim.fault.NotFound)")),
  "power.reset-fail--esxi9-nitya--01.txt": refusal(
    "CONFLICT",
    "The attempted operation cannot be performed in the current state (Powered off).",
  ),
  "power.suspend-fail--apache-vcl--01.txt": refusal("HOST_REFUSED", "Suspend failed"),
  "registervm-exists--apache-vcl--01.txt": (text) => {
    expect(parsePowerText(text)).toMatchObject({ fault: { type: "vim.fault.AlreadyExists", name: "51" } });
    expect(classifyHostText(text).code).toBe("CONFLICT");
  },
  "registervm-invalidargument--packer-4869--01.txt": refusal(
    "HOST_REFUSED",
    "A specified parameter was not correct: pool",
  ),
  "registervm-notfound--apache-vcl--01.txt": refusal("NOT_FOUND", "The object or item referred to could not be found."),
  "registervm-powered-on-pcie--forge--01.txt": (text) => {
    // The author left the object out; its type and the messages are still told.
    expect(parsePowerText(text)).toMatchObject({ fault: { type: "vim.fault.GenericVmConfigFault" } });
    expect(classifyHostText(text)).toEqual({
      code: "HOST_REFUSED",
      message: expect.stringContaining("No PCIe slot available for SCSI0"),
    });
  },
  "unregister-notfound--apache-vcl--01.txt": refusal(
    "NOT_FOUND",
    notFound("/vmfs/volumes/nfs-datastore/vm-ark-mcnc-9_234-v12/vm-ark-mcnc-9_234-v12.vmx"),
  ),
  "vim-cmd-login-errors--apache-vcl--01.txt": (text) => {
    for (const words of text.split("\n\n"))
      expect({ words, isTrouble: isHostdTrouble(words) }).toEqual({ words, isTrouble: true });
    expect(classifyHostText(text)).toEqual({
      code: "HOSTD_DOWN",
      message: "Failed to login: Connection reset by peer",
    });
    expect(parseSummary(text)).toEqual({ failed: "Failed to login: Connection reset by peer" });
  },
};
