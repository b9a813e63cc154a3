/** Creations as a client of the API sees them. */
import { request } from "../../harness/graphql.ts";

export interface CreationTask {
  readonly id: string;
  readonly state: string;
  readonly vmId: string | null;
  readonly result: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly steps: readonly { readonly name: string; readonly state: string }[];
  readonly commands: readonly string[];
  readonly sentAt: string | null;
  readonly finishedAt: string | null;
}

export interface CreationInput {
  readonly node: string;
  readonly name: string;
  readonly datastore: string;
  readonly portGroup: string;
  readonly comment: string;
  readonly powerOn: boolean;
  readonly idempotencyKey: string;
}

interface Created {
  readonly createVm: {
    readonly task: { readonly id: string } | null;
    readonly vmx: string | null;
    readonly userErrors: readonly { readonly code: string; readonly message: string }[];
  };
}

const text = `mutation ($input: CreateVmInput!) {
  createVm(input: $input) { task { id } vmx userErrors { code message } }
}`;

/** The configuration file that would be written. */
export async function dryRun(url: string, { idempotencyKey: _key, ...input }: CreationInput): Promise<string> {
  const variables = { input: { ...input, dryRun: true } };
  const { data } = await request<Created>(url, { query: text, variables });
  if (data.createVm.vmx === null) throw new Error(JSON.stringify(data.createVm.userErrors));
  return data.createVm.vmx;
}

/** How many nodes told which guests they know. */
export async function knowsGuests(url: string): Promise<number> {
  const query = "{ nodes { nodes { hardwareVersion } } }";
  const { data } = await request<{ nodes: { nodes: { hardwareVersion: string | null }[] } }>(url, { query });
  return data.nodes.nodes.filter(({ hardwareVersion }) => hardwareVersion !== null).length;
}

export async function mountPointOf(url: string, { node, datastore }: CreationInput): Promise<string> {
  const query = "query ($node: String!) { node(name: $node) { datastores { name mountPoint } } }";
  const { data } = await request<{ node: { datastores: { name: string; mountPoint: string }[] } }>(url, {
    query,
    variables: { node },
  });
  const found = data.node.datastores.find(({ name }) => name === datastore);
  if (found === undefined) throw new Error(`${node} has no datastore ${datastore}`);
  return found.mountPoint;
}

/** The task's id. Throws what the server answers instead; the same key finds the same task. */
export async function askForCreation(url: string, input: CreationInput): Promise<string> {
  const { data, errors } = await request<Created>(url, { query: text, variables: { input } });
  const id = data?.createVm.task?.id;
  if (id !== undefined) return id;
  throw new Refused(JSON.stringify(data?.createVm.userErrors ?? errors));
}

/** The server answered, and it was no task. */
export class Refused extends Error {}

export async function readCreation(url: string, id: string, waitMs = 0): Promise<CreationTask | null> {
  const fields = "id state vmId result error { code message } steps { name state } commands sentAt finishedAt";
  const query = `query ($id: ID!, $waitMs: Int) { task(id: $id, waitMs: $waitMs) { ${fields} } }`;
  const { data } = await request<{ task: CreationTask | null }>(url, { query, variables: { id, waitMs } });
  return data.task;
}

export function cancelCreation(url: string, id: string): Promise<unknown> {
  const query = "mutation ($id: ID!) { cancelTask(id: $id) { userErrors { code } } }";
  return request(url, { query, variables: { id } });
}
