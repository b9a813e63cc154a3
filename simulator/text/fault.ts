/** The faults a host answers with, each with its type, fields and message. */
import type { DumpValue } from "./dump.ts";
import { array, faultObject, object, text, unset } from "./dump.ts";

export interface Fault {
  readonly type: string;
  readonly value: DumpValue;
  readonly message: string;
}

function fault(type: string, fields: Parameters<typeof faultObject>[1], message: string): Fault {
  return { type, message, value: faultObject(type, fields, message) };
}

export const noSuchVm = (given: string): Fault =>
  fault("vim.fault.NotFound", [], `Unable to find a VM corresponding to "${given}"`);

export const noSuchObject = (): Fault =>
  fault("vim.fault.NotFound", [], "The object or item referred to could not be found.");

export const objectGone = (reference: DumpValue): Fault =>
  fault(
    "vmodl.fault.ManagedObjectNotFound",
    [["obj", reference]],
    "The object has already been deleted or has not been completely created",
  );

const powerWords = {
  poweredOn: ["Powered On", "Powered on"],
  poweredOff: ["Powered Off", "Powered off"],
  suspended: ["Suspended", "Suspended"],
} as const;
export type HostPowerWord = keyof typeof powerWords;

/** `classic`: 5.x writes "Powered Off", later ones "Powered off". */
export function wrongPowerState(requested: HostPowerWord, existing: HostPowerWord, classic: boolean): Fault {
  const words = powerWords[existing][classic ? 0 : 1];
  return fault(
    "vim.fault.InvalidPowerState",
    [
      ["requestedState", text(requested)],
      ["existingState", text(existing)],
    ],
    `The attempted operation cannot be performed in the current state (${words}).`,
  );
}

export const toolsMissing = (): Fault =>
  fault(
    "vim.fault.ToolsUnavailable",
    [],
    "Cannot complete operation because VMware Tools is not running in this virtual machine.",
  );

export const taskInProgress = (): Fault =>
  fault("vim.fault.TaskInProgress", [], "Operation failed since another task is in progress.");

export const canceled = (): Fault => fault("vmodl.fault.RequestCanceled", [], "The task was canceled by a user.");

export const alreadyExists = (vmid: number): Fault =>
  fault(
    "vim.fault.AlreadyExists",
    [["name", text(String(vmid))]],
    `The specified key, name, or identifier '${vmid}' already exists.`,
  );

export const invalidArgument = (property: string): Fault =>
  fault(
    "vmodl.fault.InvalidArgument",
    [["invalidProperty", text(property)]],
    `A specified parameter was not correct: ${property}`,
  );

export const licenceForbids = (): Fault =>
  fault(
    "vim.fault.RestrictedVersion",
    [],
    "Current license or ESXi version prohibits execution of the requested operation.",
  );

export const unreadable = (path: string): Fault =>
  fault(
    "vim.fault.VmConfigFault",
    [],
    `Unable to load configuration file '${path}': the file can't be read at this time.`,
  );

/** A .vmx that hostd does not take. */
export const badVmConfig = (reason: string): Fault =>
  fault("vim.fault.GenericVmConfigFault", [["reason", text(reason)]], reason);

/** A VM that can't start: several messages, one with a newline in it, as hosts print them. */
export function cannotStart(reason: string): Fault {
  const line = (key: string, message: string): DumpValue =>
    object("vmodl.LocalizableMessage", [
      ["key", text(key)],
      ["arg", unset],
      ["message", text(message)],
    ]);
  return fault(
    "vim.fault.GenericVmConfigFault",
    [
      [
        "faultMessage",
        array("vmodl.LocalizableMessage", [
          line("msg.moduletable.powerOnFailed", "Module 'DevicePowerOn' power on failed.\n"),
          line("msg.vmx.poweron.failed", "Failed to start the virtual machine."),
        ]),
      ],
      ["reason", text(reason)],
    ],
    reason,
  );
}
