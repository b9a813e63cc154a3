import { createMemo, For, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { hasEnded } from "../../inventory/rows.ts";
import type { Task } from "../../inventory/state.ts";

/** What is being done on the node right now. */
export function NodeTasks(props: { readonly name: string }): JSX.Element {
  const { inventory } = useApp();
  const running = createMemo(() =>
    [...inventory.tasks().values()].filter((task) => task.nodeName === props.name && !hasEnded(task)),
  );
  return (
    <Show when={running().length > 0}>
      <section class="card">
        <h2>Tasks under way</h2>
        <ul class="node-tasks">
          <For each={running()}>
            {(task) => (
              <li>
                <span class="spinner" aria-hidden="true" />
                <span>{taskText(task)}</span>
                <Show when={task.progress !== null}>
                  <progress max={100} value={task.progress ?? 0} aria-label={taskText(task)} />
                  <span>{task.progress} %</span>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

const kindWords: Readonly<Record<Task["kind"], string>> = {
  ANSWER_QUESTION: "Answering a question",
  CREATE_VM: "Creating a VM",
  REFRESH_NODE: "Looking at the node",
  SET_POWER: "Switching power",
};

function taskText({ kind, vm, steps, actor }: Task): string {
  const step = steps.find(({ state }) => state === "RUNNING")?.name;
  const subject = vm === null ? "" : ` of ${vm.name}`;
  return `${kindWords[kind]}${subject}${step === undefined ? "" : `: ${step}`} (asked by ${actor})`;
}
