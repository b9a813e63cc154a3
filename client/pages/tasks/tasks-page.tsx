import { useLocation, useNavigate } from "@solidjs/router";
import { createEffect, createMemo, type JSX, on, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { countText } from "../../format/words.ts";
import { hasEnded } from "../../inventory/rows.ts";
import type { TaskView } from "../../tasks/filter.ts";
import { createHistory, type History } from "../../tasks/history.ts";
import { TaskList } from "../../tasks/task-list.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { FilterBar } from "./filter-bar.tsx";
import { useRowKeys } from "./use-row-keys.ts";
import { isFiltered, parseView, printView } from "./view.ts";
import "./tasks-page.css";

export function TasksPage(): JSX.Element {
  const location = useLocation();
  const navigate = useNavigate();
  // By what it says: an address that only opens another task is the same view.
  const address = createMemo(() => printView(parseView(location.search)));
  const view = createMemo(() => parseView(address()));
  const opened = createMemo(() => new URLSearchParams(location.search).get("task") ?? undefined);
  const history = createHistory(view);
  let page: HTMLElement | undefined;
  useTitle(() => "Tasks");
  useRowKeys(() => page);

  function go(next: TaskView, task?: string): void {
    const search = printView(next, task);
    navigate(search ? `?${search}` : location.pathname, { replace: true, scroll: false });
  }

  createEffect(
    on(opened, (id) => {
      if (id !== undefined && history.task(() => id)() === undefined) history.find(id);
    }),
  );
  return (
    <div
      class="tasks-page"
      ref={(element) => {
        page = element;
      }}
    >
      <header>
        <h1>Tasks</h1>
        <Count history={history} />
      </header>
      <FilterBar view={view()} onChange={(next) => go(next)} />
      <TaskList
        history={history}
        open={opened()}
        onOpen={(id) => go(view(), id)}
        empty={<NoTasks view={view()} onShowAll={() => go(parseView(""))} />}
      />
    </div>
  );
}

function Count(props: { readonly history: History }): JSX.Element {
  const { inventory } = useApp();
  const running = createMemo(() => [...inventory.tasks().values()].filter((task) => !hasEnded(task)).length);
  const total = () => Math.max(props.history.total() ?? 0, props.history.ids().length);
  return (
    <p class="soft" role="status">
      <Show when={props.history.total() !== undefined} fallback="Reading …">
        {countText(total(), "task")} on record, {running()} under way
      </Show>
    </p>
  );
}

function NoTasks(props: { readonly view: TaskView; readonly onShowAll: () => void }): JSX.Element {
  return (
    <Show
      when={isFiltered(props.view)}
      fallback={
        <EmptyState title="No tasks yet" icon="tasks">
          <p>Whatever is done to a host is recorded here: switch a VM's power, create one, or refresh a node.</p>
        </EmptyState>
      }
    >
      <EmptyState title="No task matches" icon="search">
        <p>Take filters away to see more.</p>
        <p class="actions">
          <button type="button" class="button" onClick={props.onShowAll}>
            Show all tasks
          </button>
        </p>
      </EmptyState>
    </Show>
  );
}
