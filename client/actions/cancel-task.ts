import type { Api } from "../api/api.ts";
import { CancelTaskDocument, type CancelTaskMutation } from "../gql/graphql.ts";
import type { Task } from "../inventory/state.ts";

/** Calls a task off. @throws ApiFailure */
export async function cancelTask(api: Api, id: string): Promise<CancelTaskMutation["cancelTask"]> {
  const { cancelTask: answer } = await api.mutate(CancelTaskDocument, { id });
  return answer;
}

/** Why it can't be called off (any more), as a sentence; undefined when it can be tried. */
export function whyNotCancel({ kind, sentAt, finishedAt }: Pick<Task, "kind" | "sentAt" | "finishedAt">) {
  if (finishedAt !== null) return "It has ended.";
  // What a creation has made is taken back, until the VM is whole.
  if (sentAt === null || kind === "CREATE_VM") return undefined;
  return "Its command was sent to the host and can't be called back.";
}
