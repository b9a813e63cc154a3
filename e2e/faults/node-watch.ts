/** One node as the API shows it, looked at until it is as expected. */
import { query } from "../harness/graphql.ts";
import { until } from "../harness/until.ts";

export interface NodeNow {
  readonly name: string;
  readonly status: string;
  readonly statusMessage: string | null;
  readonly lastSeenAt: string | null;
  readonly lastScan: { readonly at: string; readonly durationMs: number; readonly vmsRead: number } | null;
  readonly vms: { readonly nodes: readonly VmNow[] };
}

export interface VmNow {
  readonly id: string;
  readonly name: string;
  readonly powerState: string;
  readonly stale: boolean;
  readonly observedAt: string | null;
}

const text = `query ($name: String!) {
  node(name: $name) {
    name status statusMessage lastSeenAt lastScan { at durationMs vmsRead }
    vms { nodes { id name powerState stale observedAt } }
  }
}`;

export async function nodeNow(url: string, name: string): Promise<NodeNow> {
  const { node } = await query<{ node: NodeNow | null }>(url, text, { name });
  if (node === null) throw new Error(`There is no node ${name}.`);
  return node;
}

export interface Watched {
  readonly url: string;
  readonly name: string;
  /** Default 60,000. */
  readonly withinMs?: number;
}

/** Resolves with the node as soon as it is so. Fails with what it was at last. */
export async function untilNode(watched: Watched, isSo: (node: NodeNow) => boolean): Promise<NodeNow> {
  const { url, name, withinMs = 60_000 } = watched;
  let last: NodeNow | undefined;
  const look = async (): Promise<NodeNow | undefined> => {
    last = await nodeNow(url, name);
    return isSo(last) ? last : undefined;
  };
  return until(look, { withinMs, what: `${name} to be so: ${isSo.toString()}` }).catch((cause: unknown) => {
    throw new Error(`${String(cause)}\nAt last it was ${JSON.stringify(last)}`, { cause });
  });
}

/** By name, what a VM's list shows. */
export function powerOf({ vms }: NodeNow): Readonly<Record<string, string>> {
  return Object.fromEntries(vms.nodes.map(({ name, powerState }) => [name, powerState]));
}

export function idsOf({ vms }: NodeNow): readonly string[] {
  return vms.nodes.map(({ id }) => id).toSorted();
}

export function areAll({ vms }: NodeNow, stale: boolean): boolean {
  return vms.nodes.every((vm) => vm.stale === stale);
}
