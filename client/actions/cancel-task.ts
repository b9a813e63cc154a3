import type { Api } from "../api/api.ts";
import { CancelTaskDocument, type CancelTaskMutation } from "../gql/graphql.ts";

export type CancelAnswer = CancelTaskMutation["cancelTask"];

/** Asks for it; why it is too late is in `userErrors`. @throws ApiFailure */
export async function cancelTask(api: Api, id: string): Promise<CancelAnswer> {
  return (await api.mutate(CancelTaskDocument, { id })).cancelTask;
}
