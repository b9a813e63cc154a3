/** All pages of a list, and the revision to go on from: the first one's. */
import { query } from "../../harness/graphql.ts";
import { stateFields, type VmState } from "./vm-state.ts";

export interface Reading {
  readonly vms: Map<string, VmState>;
  readonly revision: string;
}

interface Page {
  readonly vms: {
    readonly revision: string;
    readonly nodes: readonly VmState[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const text = `query ($filter: VmFilter, $first: Int, $after: String) {
  vms(filter: $filter, first: $first, after: $after) { revision nodes { ${stateFields} } pageInfo { hasNextPage endCursor } }
}`;

export async function readPages(url: string, filter: object, first = 50): Promise<Reading> {
  const vms = new Map<string, VmState>();
  let revision: string | undefined;
  let after: string | null = null;
  do {
    const page: Page["vms"] = (await query<Page>(url, text, { filter, first, after })).vms;
    revision ??= page.revision;
    for (const vm of page.nodes) vms.set(vm.id, vm);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return { vms, revision };
}
