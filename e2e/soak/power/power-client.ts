/** What an administrator's script does: lists the VMs, asks for power, waits for the task. */
import type { PowerAction, PowerState, TaskState } from "../../../server/model.ts";
import { query } from "../../harness/graphql.ts";

export interface KnownVm {
  readonly id: string;
  readonly node: string;
  /** `[datastore] folder/file.vmx`: where its files are, the one thing about it that no re-registration changes. */
  readonly place: string;
  readonly powerState: PowerState;
}

/** A power task as the API tells it. */
export interface PowerTask {
  readonly id: string;
  readonly vmId: string;
  readonly action: PowerAction;
  readonly state: TaskState;
  readonly code: string | null;
  readonly result: string;
  readonly createdAt: string;
  readonly sentAt: string | null;
  readonly finishedAt: string | null;
}

export interface PowerWish {
  readonly vmId: string;
  readonly action: PowerAction;
  readonly expectedPowerState?: PowerState;
  readonly idempotencyKey?: string;
}

/** The id of the task, or the codes of the refusal. */
export type Answered = { readonly taskId: string } | { readonly refused: readonly string[] };

interface VmPage {
  readonly vms: {
    readonly nodes: readonly {
      readonly id: string;
      readonly datastorePath: string | null;
      readonly powerState: PowerState;
      readonly node: { readonly name: string };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const vmPage = `query ($after: String) { vms(first: 500, after: $after) {
  nodes { id datastorePath powerState node { name } } pageInfo { hasNextPage endCursor } } }`;

/** All of them; those that were not read yet are left out. */
export async function readVms(url: string): Promise<readonly KnownVm[]> {
  const known: KnownVm[] = [];
  for (let after: string | null = null; ; ) {
    const { vms }: VmPage = await query<VmPage>(url, vmPage, { after });
    for (const { id, node, datastorePath, powerState } of vms.nodes)
      if (datastorePath !== null) known.push({ id, node: node.name, place: datastorePath, powerState });
    if (!vms.pageInfo.hasNextPage) return known;
    after = vms.pageInfo.endCursor;
  }
}

const setPower = `mutation ($input: SetPowerInput!) { setPower(input: $input) { task { id } userErrors { code } } }`;

export async function askForPower(url: string, input: PowerWish): Promise<Answered> {
  const { setPower: answer } = await query<{
    setPower: { task: { id: string } | null; userErrors: readonly { code: string }[] };
  }>(url, setPower, { input });
  return answer.task === null ? { refused: answer.userErrors.map(({ code }) => code) } : { taskId: answer.task.id };
}

const taskById = `query ($id: ID!, $waitMs: Int) { task(id: $id, waitMs: $waitMs) {
  id vmId state result error { code } createdAt sentAt finishedAt } }`;

type TaskRow = Omit<PowerTask, "action" | "code"> & { readonly error: { readonly code: string } | null };

/** As soon as it has ended, or after `waitMs`; undefined when there is none. */
export async function readTask(
  url: string,
  { id, action, waitMs }: { readonly id: string; readonly action: PowerAction; readonly waitMs: number },
): Promise<PowerTask | undefined> {
  const { task } = await query<{ task: TaskRow | null }>(url, taskById, { id, waitMs });
  if (task === null) return undefined;
  const { error, ...rest } = task;
  return { ...rest, result: task.result ?? "", action, code: error?.code ?? null };
}

export function hasEnded({ finishedAt }: PowerTask): boolean {
  return finishedAt !== null;
}
