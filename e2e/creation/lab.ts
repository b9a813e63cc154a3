/** The real app on simulated hosts, and createVm as a client writes it. */
import { query } from "../harness/graphql.ts";
import { type SimulatedApp, type SimulatedAppOptions, startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";
import type { TaskRow, UserError } from "../mutations/lab.ts";

export interface CreationPayload {
  readonly task: { readonly id: string } | null;
  readonly commands: readonly string[];
  readonly vmx: string | null;
  readonly userErrors: readonly UserError[];
}

export interface CreatedTask extends TaskRow {
  readonly progress: number | null;
  readonly vmName: string | null;
  readonly finishedAt: string | null;
  readonly vm: {
    readonly id: string;
    readonly name: string;
    readonly vmid: number;
    readonly powerState: string;
    readonly comment: string | null;
    readonly guestId: string | null;
    readonly numCpu: number | null;
    readonly memorySizeMb: number | null;
    readonly hardwareVersion: string | null;
    readonly datastorePath: string | null;
  } | null;
}

export interface CreationLab extends AsyncDisposable {
  readonly simulated: SimulatedApp;
  readonly url: string;
  createVm(input: Record<string, unknown>): Promise<CreationPayload>;
  /** The task when it has ended. */
  end(payload: CreationPayload): Promise<CreatedTask>;
  ask<T>(text: string, variables?: Record<string, unknown>): Promise<T>;
}

export const taskFields = `id kind state progress nodeName vmName result sentAt finishedAt commands hostOutput error { code message }
  steps { name state detail }
  vm { id name vmid powerState comment guestId numCpu memorySizeMb hardwareVersion datastorePath }`;

/** Two hosts without VMs to speak of, quick and with the defaults of no hosts.yml. */
export async function openCreationLab(options: SimulatedAppOptions = {}): Promise<CreationLab> {
  const hosts = [
    { name: "esx1", vms: [{ name: "web" }] },
    { name: "esx2", vms: [{ name: "db", power: "ON" as const }] },
  ];
  const simulated = await startSimulatedApp({ hosts, diskMs: 300, ...options });
  const ask = <T>(text: string, variables: Record<string, unknown> = {}): Promise<T> =>
    query<T>(simulated.url, text, variables);
  const text = `mutation ($input: CreateVmInput!) {
    createVm(input: $input) { task { id } commands vmx userErrors { code message path } }
  }`;
  const usual = { node: "esx1", datastore: "datastore1", portGroup: "VM Network" };
  return {
    simulated,
    get url() {
      return simulated.url;
    },
    ask,
    createVm: async (input) =>
      (await ask<{ createVm: CreationPayload }>(text, { input: { ...usual, ...input } })).createVm,
    async end({ task, userErrors }) {
      if (task === null) throw new Error(`No task: ${JSON.stringify(userErrors)}`);
      const waiting = `query ($id: ID!) { task(id: $id, waitMs: 60000) { ${taskFields} } }`;
      return until(
        async () => {
          const told = await ask<{ task: CreatedTask }>(waiting, { id: task.id });
          return told.task.finishedAt === null ? undefined : told.task;
        },
        { withinMs: 240_000, what: `the end of ${task.id}` },
      );
    },
    [Symbol.asyncDispose]: () => simulated[Symbol.asyncDispose](),
  };
}
