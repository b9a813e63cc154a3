/** Where somebody goes after a task that failed. Pure. */
import type { ErrorCode } from "../gql/graphql.ts";
import type { Task } from "../inventory/state.ts";

export interface NextStep {
  readonly label: string;
  readonly href: string;
}

const nodeFaults: readonly ErrorCode[] = [
  "AUTH_FAILED",
  "HOSTD_DOWN",
  "HOST_BUSY",
  "HOST_KEY_MISMATCH",
  "HOST_KEY_UNKNOWN",
  "HOST_UNREACHABLE",
  "LICENSE_RESTRICTED",
  "NODE_DISABLED",
  "OUTPUT_DAMAGED",
  "OUT_OF_SPACE",
];

/** The message says what to do; this is the page where it is done. Undefined where there is none. */
export function nextStepOf({ error, nodeName, vmId, vm }: Task): NextStep | undefined {
  if (error === null) return undefined;
  if (nodeFaults.includes(error.code)) {
    return { label: `Look at node ${nodeName}`, href: `/nodes/${encodeURIComponent(nodeName)}` };
  }
  if (vmId === null || vm === null) return undefined;
  const label = error.code === "QUESTION_PENDING" ? `Answer the question of ${vm.name}` : `Look at ${vm.name}`;
  return { label, href: `/vms/${encodeURIComponent(vmId)}` };
}
