/** Tasks as a client asks for them and waits for their end. */
import { query } from "../harness/graphql.ts";

export interface TaskEnd {
  readonly state: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly hostOutput: string;
  readonly commands: readonly string[];
}

const payload = "{ task { id } userErrors { code message } }";
const taskText =
  "query ($id: ID!) { task(id: $id, waitMs: 60000) { state error { code message } hostOutput commands } }";

export async function setPower(
  url: string,
  input: { readonly vmId: string; readonly action: string },
): Promise<TaskEnd> {
  return endOf(url, `mutation ($input: SetPowerInput!) { it: setPower(input: $input) ${payload} }`, { input });
}

export async function refreshNode(url: string, name: string): Promise<TaskEnd> {
  return endOf(url, `mutation ($name: String!) { it: refreshNode(name: $name) ${payload} }`, { name });
}

async function endOf(url: string, mutation: string, variables: Record<string, unknown>): Promise<TaskEnd> {
  const { it } = await query<{ it: { task: { id: string } | null; userErrors: readonly object[] } }>(
    url,
    mutation,
    variables,
  );
  if (it.task === null) throw new Error(JSON.stringify(it.userErrors));
  return (await query<{ task: TaskEnd }>(url, taskText, { id: it.task.id })).task;
}
