/** Reads the audit log of a server that does not run: each request stands in it once, from before anything was done. */
import type { AuditEntry } from "../../../server/store/store.ts";
import type { Action } from "../../../simulator/simulator.ts";
import type { StorePlace } from "../../harness/store-place.ts";
import type { Request } from "./stage.ts";

export async function auditFaults(
  place: StorePlace,
  requests: readonly Request[],
  log: readonly Action[],
): Promise<readonly string[]> {
  const store = await place.open();
  try {
    const brokenAt = await store.verifyAudit();
    const broken = brokenAt === undefined ? [] : [`the audit log does not hold from entry ${brokenAt} on`];
    const entries = await store.audit();
    const strangers = entries.filter(({ taskId }) => !requests.some((request) => request.taskId === taskId));
    return [
      ...broken,
      ...strangers.map(({ taskId }) => `${taskId} is in the audit log, and nobody asked for it`),
      ...requests.flatMap((request) => faultOf(request, entries, log) ?? []),
    ];
  } finally {
    await store.close();
  }
}

function faultOf(
  { key, taskId, vm, host, logLength, task }: Request,
  entries: readonly AuditEntry[],
  log: readonly Action[],
) {
  const [entry, ...more] = entries.filter((each) => each.taskId === taskId);
  if (entry === undefined) return `${key} is not in the audit log`;
  if (more.length > 0) return `${key} is in the audit log ${more.length + 1} times`;
  const deed = log.slice(logLength).find((action) => action.host === host.name && action.vmPath === vm.path);
  if (task?.sentAt != null && entry.at > task.sentAt)
    return `${key} was sent at ${task.sentAt} and audited at ${entry.at}`;
  if (deed !== undefined && entry.at > deed.at) return `${key} was done at ${deed.at} and audited at ${entry.at}`;
  return undefined;
}
