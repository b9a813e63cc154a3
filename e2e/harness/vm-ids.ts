import { query } from "./graphql.ts";
import type { SimulatedApp } from "./simulated-app.ts";

/** The API's id of each VM, by its name. */
export async function vmIds({ url }: Pick<SimulatedApp, "url">): Promise<ReadonlyMap<string, string>> {
  const { vms } = await query<{ vms: { nodes: { id: string; name: string }[] } }>(
    url,
    "{ vms(first: 1000) { nodes { id name } } }",
  );
  return new Map(vms.nodes.map(({ id, name }) => [name, id]));
}
