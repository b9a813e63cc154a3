import type { ConnectionState, OverallStatus, PowerAction, PowerState } from "../model.ts";
import { describedEnum } from "./described-enum.ts";

export const PowerStateEnum = describedEnum<PowerState>("PowerState", "Whether a VM runs.", {
  ON: "Running, or waiting for the answer to a question in mid-run.",
  OFF: "Powered off.",
  SUSPENDED: "Its memory is saved on disk and it does not run.",
  UNKNOWN: "Could not be read yet.",
});

export const PowerActionEnum = describedEnum<PowerAction>("PowerAction", "What may be done with a VM's power.", {
  ON: "Power on, or resume a suspended VM.",
  OFF: "Power off at once, as if the plug were pulled.",
  SHUTDOWN: "Ask the guest to shut down; needs running VMware Tools. Never turns into a hard OFF.",
  REBOOT: "Ask the guest to reboot; needs running VMware Tools.",
  RESET: "Reset at once, as with the reset button.",
  SUSPEND: "Save the memory to disk and stop.",
});

export const ConnectionStateEnum = describedEnum<ConnectionState>(
  "ConnectionState",
  "Whether the host can reach the VM's files.",
  {
    CONNECTED: "The host reaches the VM: the normal case.",
    DISCONNECTED: "The host has lost contact with the VM.",
    INACCESSIBLE: "The VM's files can't be reached, as when a datastore is away.",
    INVALID: "The VM's configuration can't be read.",
    ORPHANED: "The VM is no longer registered where it was expected.",
    UNKNOWN: "Could not be read yet.",
  },
);

export const OverallStatusEnum = describedEnum<OverallStatus>(
  "OverallStatus",
  "The host's own verdict on a VM, as a colour.",
  {
    GREEN: "All is well.",
    YELLOW: "Something needs attention.",
    RED: "Something is wrong.",
    GRAY: "The host has no verdict.",
  },
);
