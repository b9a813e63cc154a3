/** Words for what the API names by constants. */
import type { ConnectionState, NodeStatus, PowerState } from "../gql/graphql.ts";

export const powerWords: Readonly<Record<PowerState, string>> = {
  ON: "On",
  OFF: "Off",
  SUSPENDED: "Suspended",
  UNKNOWN: "Not known",
};

export const statusWords: Readonly<Record<NodeStatus, string>> = {
  PENDING: "Not looked at yet",
  ONLINE: "Online",
  DEGRADED: "Degraded",
  UNREACHABLE: "Unreachable",
  AUTH_FAILED: "Sign-in refused",
  HOST_KEY_UNKNOWN: "Host key unknown",
  HOST_KEY_MISMATCH: "Host key changed",
  DISABLED: "Switched off",
};

export const connectionWords: Readonly<Record<ConnectionState, string>> = {
  CONNECTED: "Connected",
  DISCONNECTED: "Disconnected",
  INACCESSIBLE: "Inaccessible",
  INVALID: "Invalid",
  ORPHANED: "Orphaned",
  UNKNOWN: "Not known",
};

/** VMware Tools as the host prints it, in words; what is not known yet stays as it is. */
export function toolsText(status: string | null): string {
  if (status === null) return "";
  return toolsWords[status] ?? status;
}

const toolsWords: Readonly<Record<string, string>> = {
  toolsOk: "Running",
  toolsOld: "Running, outdated",
  toolsNotRunning: "Not running",
  toolsNotInstalled: "Not installed",
  guestToolsRunning: "Running",
  guestToolsNotRunning: "Not running",
  guestToolsExecutingScripts: "Starting",
};

/** `1 VM`, `3 VMs`, `10,000 VMs`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
