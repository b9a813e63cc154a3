/** One connection's life, from its first read to its end: four streams, and what has to be read beside them. */
import type { Api, Operation } from "../api/api.ts";
import { ApiFailure } from "../api/failure.ts";
import {
  NodesChangedDocument,
  TasksChangedDocument,
  UsageChangedDocument,
  VmsChangedDocument,
  type VmsChangedSubscription,
} from "../gql/graphql.ts";
import type { Inventory } from "./inventory.ts";
import { readSurroundings, readVms } from "./read.ts";

export interface LineOptions {
  readonly api: Api;
  readonly inventory: Inventory;
  /** Everything is read or resumed, and changes arrive. */
  readonly onLive: () => void;
}

export interface Line {
  /** Why it ended, for people. */
  readonly ended: Promise<{ readonly reason: string; readonly code?: string }>;
  readonly end: () => void;
}

/**
 * Streams are opened before anything is read, and what they tell stands before what a page says, so nothing is missed between.
 * VMs are read only where they can't be resumed. Any failure ends all of it at once: whoever called starts anew.
 */
export function openLine({ api, inventory, onLive }: LineOptions): Line {
  const { promise: ended, resolve } = Promise.withResolvers<{ readonly reason: string; readonly code?: string }>();
  const ending = new AbortController();
  const { dispatch } = inventory;
  let readingVms = new AbortController();
  const unsubscribe: (() => void)[] = [];

  function over(reason: string, code?: string): void {
    if (ending.signal.aborted) return;
    ending.abort();
    for (const each of unsubscribe) each();
    api.hangUp();
    resolve({ reason, code });
  }

  function subscribe<Data, Variables extends object>(
    operation: Operation<Data, Variables>,
    next: (data: Data) => void,
  ): void {
    if (ending.signal.aborted) return;
    unsubscribe.push(api.subscribe(operation, { next, ended: over }));
  }

  function followVms(): void {
    const since = inventory.current().revision;
    subscribe({ document: VmsChangedDocument, variables: { since } }, ({ vmsChanged }) => takeVms(vmsChanged));
  }

  function takeVms(change: VmsChangedSubscription["vmsChanged"]): void {
    dispatch({ kind: "vmsChanged", change, at: Date.now() });
    if (change.kind === "RESET") attempt(readAllVms(() => undefined));
  }

  /** A reading that is under way gives way to the new one. */
  function readAllVms(onRevision: () => void): Promise<void> {
    readingVms.abort();
    readingVms = new AbortController();
    return readVms({ api, dispatch, signal: AbortSignal.any([ending.signal, readingVms.signal]) }, onRevision);
  }

  function attempt(reading: Promise<void>): void {
    reading.catch((error: unknown) => {
      if (error instanceof ApiFailure) over(error.message, error.code);
      else throw error;
    });
  }

  async function begin(): Promise<void> {
    const mustRead = inventory.current().vms.reading !== undefined || inventory.current().revision === undefined;
    if (!mustRead) followVms();
    await Promise.all([
      readSurroundings({ api, dispatch, signal: ending.signal }),
      mustRead ? readAllVms(followVms) : undefined,
    ]);
    if (!ending.signal.aborted) onLive();
  }

  unsubscribe.push(
    api.listen((event) => {
      if (event === "signedOut") over("You are not signed in (any more).", "UNAUTHENTICATED");
      if (event === "closed") over("The connection was cut.");
    }),
  );
  subscribe({ document: NodesChangedDocument, variables: {} }, ({ nodesChanged }) =>
    dispatch({ kind: "nodesChanged", change: nodesChanged }),
  );
  subscribe({ document: TasksChangedDocument, variables: {} }, ({ tasksChanged }) =>
    dispatch({ kind: "tasksChanged", tasks: tasksChanged.upserted }),
  );
  subscribe({ document: UsageChangedDocument, variables: {} }, ({ vmUsageChanged }) =>
    dispatch({ kind: "usageChanged", usages: vmUsageChanged.usages, at: Date.now() }),
  );
  attempt(begin());
  return { ended, end: () => over("Stopped.") };
}
