import { createEffect, createSignal, For, type JSX, on, Show } from "solid-js";
import type { History } from "./history.ts";
import { TaskRow } from "./task-row.tsx";
import "./tasks.css";

export interface TaskListProps {
  readonly history: History;
  /** A link leads to this one: it is opened and brought into sight. */
  readonly open?: string;
  readonly onOpen?: (id: string | undefined) => void;
  /** Where there is none. */
  readonly empty: JSX.Element;
}

/** Tasks, those that have not ended first, with the older ones on demand. */
export function TaskList(props: TaskListProps): JSX.Element {
  const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set());
  createEffect(
    on(
      () => props.open,
      (id) => id !== undefined && setOpen((all) => new Set([...all, id])),
    ),
  );

  function toggle(id: string): void {
    const next = new Set(open());
    if (!next.delete(id)) next.add(id);
    setOpen(next);
    props.onOpen?.(next.has(id) ? id : undefined);
  }
  return (
    <>
      <Show when={props.history.ids().length > 0 || props.history.isReading()} fallback={props.empty}>
        <ul class="tasks" aria-label="Tasks">
          <For each={props.history.ids()}>
            {(id) => {
              const task = props.history.task(() => id);
              return (
                <Show when={task()}>
                  {(known) => (
                    <TaskRow
                      task={known}
                      isOpen={open().has(id)}
                      isWanted={props.open === id}
                      onToggle={() => toggle(id)}
                    />
                  )}
                </Show>
              );
            }}
          </For>
        </ul>
      </Show>
      <p class="tasks-more" role="status">
        <Show when={props.history.failure()}>{(reason) => <span>{reason()} </span>}</Show>
        <Show when={props.history.hasOlder()}>
          <button type="button" class="button" disabled={props.history.isReading()} onClick={props.history.readOlder}>
            {props.history.isReading() ? "Reading …" : "Older tasks"}
          </button>
        </Show>
      </p>
    </>
  );
}
