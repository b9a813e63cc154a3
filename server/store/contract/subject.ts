/** What a contract case is given, and how it reads news without assuming when they arrive. */
import type { Clock } from "../../clock.ts";
import type { Revision } from "../../model.ts";
import type { InventoryStore, StoreNews } from "../store.ts";
import { parseRevision } from "../store.ts";
import { aNode } from "./samples.ts";

/** How the suite gets at an adapter. */
export interface StoreSubject {
  /** Somewhere fresh and empty that a store's data can live in. */
  newPlace(): Promise<string>;
  open(options: OpenOptions): Promise<InventoryStore>;
  /** A place that holds what would be found there if the server died this instant. */
  crashedCopyOf(place: string): Promise<string>;
}

export interface OpenOptions {
  readonly place: string;
  readonly clock: Clock;
  readonly limits?: { readonly removedVms?: number };
}

/** Stores that a test opened, closed after it. */
export interface Stores {
  readonly subject: StoreSubject;
  /** Opens a store of its own, or the one at `place`. */
  open(options?: Partial<OpenOptions>): Promise<InventoryStore>;
}

const deadlineMs = 15_000;

/** The news after `since` up to the first that `isLast`. */
export async function newsUntil(
  store: InventoryStore,
  since: Revision,
  isLast: (news: StoreNews) => boolean,
): Promise<StoreNews[]> {
  const seen: StoreNews[] = [];
  for await (const news of store.watch(since, AbortSignal.timeout(deadlineMs))) {
    seen.push(news);
    if (isLast(news)) return seen;
  }
  throw new Error(`The expected news did not come; seen: ${JSON.stringify(seen)}`);
}

/** All news after `since` until now: commits a change that marks the end, and reads up to it. */
export async function newsSoFar(store: InventoryStore, since: Revision): Promise<StoreNews[]> {
  const mark = `end-${numberOf((await store.load()).revision)}`;
  await store.apply({ nodes: [aNode({ name: mark })] });
  const news = await newsUntil(store, since, (one) => one.kind === "change" && one.change.nodes?.[0]?.name === mark);
  return news.slice(0, -1);
}

export function numberOf(revision: Revision): number {
  const parts = parseRevision(revision);
  if (parts === undefined) throw new Error(`not a revision: ${revision}`);
  return parts.number;
}
