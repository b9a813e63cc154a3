/** Tasks on record that the inventory no longer holds, read page by page when somebody asks for them. */
import { type Accessor, createEffect, createMemo, createSignal, on } from "solid-js";
import { ApiFailure } from "../api/failure.ts";
import { useApp } from "../context.ts";
import { OneTaskDocument, TaskHistoryDocument } from "../gql/graphql.ts";
import { hasEnded } from "../inventory/rows.ts";
import type { Task } from "../inventory/state.ts";
import { inOrder, matches, type TaskView, toFilter } from "./filter.ts";

export interface History {
  /** Ids of what matches, in order: those of the inventory and those that were read. */
  readonly ids: Accessor<readonly string[]>;
  /** One of them; live where the inventory follows it. */
  task(id: Accessor<string>): Accessor<Task | undefined>;
  /** How many match on record; undefined before the first answer. */
  readonly total: Accessor<number | undefined>;
  readonly hasOlder: Accessor<boolean>;
  readonly isReading: Accessor<boolean>;
  /** Why the last reading failed, for people. */
  readonly failure: Accessor<string | undefined>;
  readonly readOlder: () => void;
  /** Reads one that a link leads to, however old it is. */
  readonly find: (id: string) => void;
}

const pageSize = 50;

interface Place {
  readonly total: number;
  /** Where the next page begins; null at the end. */
  readonly after: string | null;
}

export function createHistory(view: Accessor<TaskView>): History {
  const { api, inventory, connection } = useApp();
  const [read, setRead] = createSignal<ReadonlyMap<string, Task>>(new Map());
  const [place, setPlace] = createSignal<Place>();
  const [isReading, setReading] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  let asked: TaskView | undefined;

  const all = createMemo(() => {
    const known = new Map([...read(), ...inventory.tasks()]);
    // What has ended stays ended, though the inventory may have let it go and been told of it by an old page.
    for (const [id, task] of read()) if (hasEnded(task)) known.set(id, task);
    return known;
  });
  const ids = createMemo<readonly string[]>((before) => {
    const shown = inOrder([...all().values()].filter((task) => matches(task, view()))).map(({ id }) => id);
    return shown.length === before.length && shown.every((id, index) => id === before[index]) ? before : shown;
  }, []);

  function keep(tasks: readonly Task[]): void {
    setRead((known) => new Map([...known, ...tasks.map((task) => [task.id, task] as const)]));
  }

  async function attempt(reading: () => Promise<void>): Promise<void> {
    setReading(true);
    setFailure(undefined);
    try {
      await reading();
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setFailure(error.message);
    } finally {
      setReading(false);
    }
  }

  /** Undefined: somebody wants to see other tasks by now. */
  async function readPage(after: string | null): Promise<Place | undefined> {
    const wanted = asked;
    if (wanted === undefined) return undefined;
    const { tasks } = await api.query(TaskHistoryDocument, { filter: toFilter(wanted), first: pageSize, after });
    if (wanted !== asked) return undefined;
    keep(tasks.nodes);
    return { total: tasks.totalCount, after: tasks.pageInfo.hasNextPage ? tasks.pageInfo.endCursor : null };
  }

  /** Until there is something that was not shown before. */
  async function readOn(): Promise<void> {
    const shown = ids().length;
    for (let from = place()?.after ?? null; from !== null && ids().length === shown; from = place()?.after ?? null) {
      const next = await readPage(from);
      if (next === undefined) return;
      setPlace(next);
    }
  }

  // Once for each view, and again after a loss: what went on meanwhile may be further back than what the inventory reads.
  createEffect(
    on([view, () => connection().kind === "live"], ([wanted, isLive]) => {
      if (!isLive) return;
      asked = wanted;
      setPlace(undefined);
      void attempt(async () => void setPlace(await readPage(null)));
    }),
  );

  return {
    ids,
    task: (id) => createMemo(() => all().get(id())),
    total: () => place()?.total,
    hasOlder: () => typeof place()?.after === "string",
    isReading,
    failure,
    readOlder: () => void attempt(readOn),
    find: (id) =>
      void attempt(async () => {
        const { task } = await api.query(OneTaskDocument, { id });
        if (task !== null) keep([task]);
      }),
  };
}
