import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { hasEnded } from "../../inventory/rows.ts";
import { TaskRow } from "../../tasks/task-row.tsx";
import "../../tasks/tasks.css";

/** What is being done on the node right now. */
export function NodeTasks(props: { readonly name: string }): JSX.Element {
  const { inventory } = useApp();
  const [open, setOpen] = createSignal<string>();
  const running = createMemo<readonly string[]>((before) => {
    const tasks = [...inventory.tasks().values()].filter((task) => task.nodeName === props.name && !hasEnded(task));
    const ids = tasks.map(({ id }) => id);
    return before.join() === ids.join() ? before : ids;
  }, []);
  return (
    <Show when={running().length > 0}>
      <section class="card">
        <h2>Tasks under way</h2>
        <ul class="tasks">
          <For each={running()}>
            {(id) => {
              const task = inventory.task(() => id);
              const toggle = () => setOpen((now) => (now === id ? undefined : id));
              return (
                <Show when={task()}>
                  {(known) => <TaskRow task={known} isOpen={open() === id} isWanted={false} onToggle={toggle} />}
                </Show>
              );
            }}
          </For>
        </ul>
      </section>
    </Show>
  );
}
