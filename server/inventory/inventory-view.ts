/** The inventory: holds the state, feeds it with the store's news, and answers from it. */
import type { Inventory, VmPage, VmQuery } from "../inventory.ts";
import type { Log } from "../log.ts";
import type { Revision, Task, TaskId } from "../model.ts";
import { hasEnded } from "../model.ts";
import { followStore } from "../store/follow.ts";
import type { InventoryChange, InventoryStore, Pulse, StoredInventory, StoreNews } from "../store/store.ts";
import { parseRevision } from "../store/store.ts";
import { isAhead, onceCaughtUp } from "./ahead.ts";
import type { InventoryState } from "./inventory-state.ts";
import { createInventoryState } from "./inventory-state.ts";
import { type Loadable, loadFrom, readEnded } from "./load-from.ts";
import { createRevisionWaiters } from "./revision-waiters.ts";
import { createSubscriptions } from "./subscriptions.ts";
import { encodeVmCursor } from "./vm-cursor.ts";
import { createVmFilters } from "./vm-filter.ts";
import type { VmLists } from "./vm-lists.ts";
import { createVmLists } from "./vm-lists.ts";
import { cutPage } from "./vm-page.ts";
import type { VmRevisions } from "./vm-revisions.ts";
import { createVmRevisions } from "./vm-revisions.ts";

export interface InventoryOptions {
  readonly store: Loadable & Pick<InventoryStore, "watch">;
  readonly log: Log;
  readonly limits?: InventoryLimits;
}

export interface InventoryLimits {
  /** How many changed VMs may wait for a slow subscriber before he must read again. Default 10,000. */
  readonly pendingVms?: number;
  /** How many changed tasks may wait for a slow subscriber before he is cut off. Default 1,000. */
  readonly pendingTasks?: number;
  /** How many removed VMs are remembered, so that subscribers can resume. Default 10,000. */
  readonly removedVms?: number;
}

export interface InventoryView extends Inventory {
  /** Open subscriptions of all kinds. */
  readonly watcherCount: number;
  /** Ends every subscription; resolves when the store is no longer read. */
  close(): Promise<void>;
}

/** What one load of the store gave, and the news since. */
interface View {
  readonly state: InventoryState;
  readonly lists: VmLists;
  readonly vmRevisions: VmRevisions;
  revision: Revision;
}

/** Resolves when the store's inventory is loaded; rejects when that fails. */
export async function createInventory({ store, log, limits = {} }: InventoryOptions): Promise<InventoryView> {
  const ending = new AbortController();
  const waiters = createRevisionWaiters();
  const compile = createVmFilters();
  const liveTasks = new Map<TaskId, Task>();
  const first = await loadFrom(store);
  let view = viewOf(first.stored);
  for (const task of first.unfinished) liveTasks.set(task.id, task);

  const subscriptions = createSubscriptions({
    source: {
      revision: () => view.revision,
      vm: (id) => view.state.vm(id),
      node: (name) => view.state.node(name),
      vmsSince: (since) => view.vmRevisions.idsSince(since, view.revision),
    },
    maxPendingVms: limits.pendingVms ?? 10_000,
    maxPendingTasks: limits.pendingTasks ?? 1_000,
    compile,
  });

  function viewOf(stored: StoredInventory): View {
    const state = createInventoryState(stored);
    const vmRevisions = createVmRevisions(stored, limits.removedVms ?? 10_000);
    return { state, lists: createVmLists(state), vmRevisions, revision: stored.revision };
  }

  function onNews(news: StoreNews): void {
    if (news.kind === "pulse") onPulse(news.pulse);
    if (news.kind !== "change" && news.kind !== "task") return;
    const number = numberOf(news.revision);
    if (number <= numberOf(view.revision)) return;
    view.revision = news.revision;
    if (news.kind === "change") onChange(news.change, number);
    else onTask(news.task);
    waiters.advanced(view.revision);
  }

  function onChange(change: InventoryChange, number: number): void {
    const transitions = view.state.apply(change);
    for (const { id, after } of transitions) {
      if (after === undefined) view.vmRevisions.removed(id, number);
      else view.vmRevisions.changed(id, number);
    }
    view.lists.vmsChanged(transitions.map(({ id }) => id));
    subscriptions.tellVms(transitions);
    subscriptions.tellNodes([...(change.removedNodes ?? []), ...(change.nodes ?? []).map(({ name }) => name)]);
  }

  function onPulse(pulse: Pulse): void {
    const moved = view.state.applyPulse(pulse);
    view.lists.readingsChanged(moved.vms);
    subscriptions.tellNodes(moved.nodes);
    subscriptions.tellUsage(moved.vms);
  }

  function onTask(task: Task): void {
    if (hasEnded(task)) liveTasks.delete(task.id);
    else liveTasks.set(task.id, task);
    subscriptions.tellTask(task);
  }

  async function reload(): Promise<Revision> {
    const { stored, unfinished } = await loadFrom(store);
    const live = new Set(unfinished.map(({ id }) => id));
    const ended = await readEnded(
      store,
      [...liveTasks.keys()].filter((id) => !live.has(id)),
    );
    const nodesBefore = view.state.nodes();
    liveTasks.clear();
    view = viewOf(stored);
    subscriptions.tellReset();
    subscriptions.tellNodes([...nodesBefore, ...stored.nodes].map(({ name }) => name));
    subscriptions.tellUsage(stored.usages.map(({ vmId }) => vmId));
    for (const task of [...ended, ...unfinished]) onTask(task);
    waiters.advanced(view.revision);
    return stored.revision;
  }

  function pageOf({ filter, orderBy, page }: VmQuery): VmPage {
    const { ordering, rows } = view.lists.list(orderBy);
    const matches = compile(filter);
    const matching = rows.filter((row) => matches(row.vm));
    const cut = cutPage(matching, ordering, page);
    return {
      vms: cut.rows.map((row) => row.vm),
      cursors: cut.rows.map((row) => encodeVmCursor(ordering, row)),
      hasNextPage: cut.hasNextPage,
      hasPreviousPage: cut.hasPreviousPage,
      totalCount: matching.length,
      revision: view.revision,
    };
  }

  const following = followStore(view.revision, {
    store,
    log,
    signal: ending.signal,
    reader: "The inventory",
    onNews,
    reload,
  });

  return {
    get revision() {
      return view.revision;
    },
    vm: (id) => view.state.vm(id),
    usage: (id) => view.state.usage(id),
    vms: pageOf,
    node: (name) => view.state.node(name),
    pulse: (name) => view.state.pulse(name),
    nodes: () => view.state.nodes(),
    vmsOf: (node) => view.state.vmsOf(node),
    caughtUp: (revision) => waiters.wait(revision, view.revision),
    liveTask: (id) => liveTasks.get(id),
    watchVms(filter, since, signal) {
      const open = () => subscriptions.watchVms(filter, since, signal);
      if (since === undefined || !isAhead(since, view.revision)) return open();
      return onceCaughtUp(waiters.wait(since, view.revision), open);
    },
    watchUsage: (filter, signal) => subscriptions.watchUsage(filter, signal),
    watchNodes: (signal) => subscriptions.watchNodes(signal),
    watchTasks: (matches, signal) => subscriptions.watchTasks(matches, signal),

    get watcherCount() {
      return subscriptions.count;
    },
    async close() {
      ending.abort();
      subscriptions.close();
      waiters.close();
      await following;
    },
  };
}

function numberOf(revision: Revision): number {
  return parseRevision(revision)?.number ?? 0;
}
