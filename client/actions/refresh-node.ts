import type { Api } from "../api/api.ts";
import { RefreshNodeDocument, type RefreshNodeMutation } from "../gql/graphql.ts";

/** Looks at a node in full now. It is declined where it could lock an account: see `userErrors`. @throws ApiFailure */
export async function refreshNode(api: Api, name: string): Promise<RefreshNodeMutation["refreshNode"]> {
  const { refreshNode: answer } = await api.mutate(RefreshNodeDocument, { name });
  return answer;
}
