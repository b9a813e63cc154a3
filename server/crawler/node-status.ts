/** What the outcome of a scan means for a node: its status, and a sentence that says what happened and what to do. */
import type { AppError, ErrorCode } from "../errors.ts";
import type { HostObservation } from "../esxi/driver.ts";
import type { Node, NodeStatus, Timestamp, Vm } from "../model.ts";

export interface Verdict {
  readonly status: NodeStatus;
  readonly message: string | null;
}

const statusByCode: Partial<Record<ErrorCode, NodeStatus>> = {
  HOST_UNREACHABLE: "UNREACHABLE",
  TIMEOUT: "UNREACHABLE",
  AUTH_FAILED: "AUTH_FAILED",
  HOST_KEY_UNKNOWN: "HOST_KEY_UNKNOWN",
  HOST_KEY_MISMATCH: "HOST_KEY_MISMATCH",
  NODE_DISABLED: "DISABLED",
};

/** Did the host itself speak although the scan failed (and not somebody else at its address). */
export function hostAnswered(code: ErrorCode): boolean {
  return code === "HOSTD_DOWN" || code === "HOST_BUSY" || code === "OUTPUT_DAMAGED" || code === "HOST_REFUSED";
}

/** Another server has the node, or the database is away: that says nothing of the host. */
export function isOfOurs({ code }: AppError): boolean {
  return code === "LEASE_LOST" || code === "STORE_UNREACHABLE";
}

/** Whatever has no status of its own is a host that answers, but not as it should. */
export function verdictOfError(error: AppError): Verdict {
  return { status: statusByCode[error.code] ?? "DEGRADED", message: error.message };
}

/** `vms`: what is known of the node's VMs after this observation; of them, `unlisted` are registered but not listed. */
export function verdictOfObservation(
  observation: HostObservation,
  vms: readonly Vm[],
  unlisted: readonly Vm[] = [],
): Verdict {
  const complaints = [
    ...complaintsOfHost(observation),
    ...(observation.hostdUp ? complaintsOfUnlisted(unlisted, vms.length) : []),
    ...complaintsOfVms(vms),
  ];
  if (complaints.length === 0) return { status: "ONLINE", message: null };
  return { status: "DEGRADED", message: complaints.join(" ") };
}

const shownProblems = 3;

function complaintsOfHost({ hostdUp, listing, running, problems }: HostObservation): readonly string[] {
  const shown = problems.slice(0, shownProblems);
  if (problems.length > shownProblems) shown.push(`(${problems.length - shownProblems} more of this kind.)`);
  if (!hostdUp) {
    const advice =
      "The host answers, but its management agent hostd does not: which VMs run is still seen, the rest is as last known. If this lasts longer than some minutes, run /etc/init.d/hostd restart on the host.";
    return [advice, ...shown];
  }
  const missing = [listing ?? "the list of VMs", running ?? "the list of running VMs"].filter(
    (part): part is string => typeof part === "string",
  );
  if (missing.length === 0) return shown;
  return [`The host did not give ${missing.join(" and ")} whole; it is asked again with the next scan.`, ...shown];
}

function complaintsOfUnlisted(unlisted: readonly Vm[], all: number): readonly string[] {
  const [first] = unlisted;
  if (first === undefined) return [];
  return [
    `The host's management agent hostd does not list ${unlisted.length} of ${all} VMs that are registered there, such as ` +
      `"${first.name}". After its restart this takes some minutes; if it lasts, run vim-cmd vmsvc/getallvms on the host ` +
      `and register there what is missing.`,
  ];
}

function complaintsOfVms(vms: readonly Vm[]): readonly string[] {
  const unreadable = vms.filter((vm) => vm.readError !== null);
  const [first] = unreadable;
  if (first === undefined) return [];
  const count = unreadable.length === 1 ? "One VM" : `${unreadable.length} of ${vms.length} VMs`;
  const example = unreadable.length === 1 ? "" : "for example ";
  return [`${count} can't be read, ${example}"${first.name}" (vmid ${first.vmid}): ${first.readError}`];
}

/** `since` moves only when the status does. */
export function withVerdict(node: Node, verdict: Verdict, at: Timestamp): Node {
  const statusSince = node.status === verdict.status ? node.statusSince : at;
  return { ...node, status: verdict.status, statusMessage: verdict.message, statusSince };
}
