import { For, type JSX, Show } from "solid-js";
import type { Task } from "../../inventory/state.ts";

/** What was run on the host, and what it printed. */
export function CreationRecord(props: { readonly task: Task }): JSX.Element {
  return (
    <Show when={props.task.commands.length > 0}>
      <details class="record">
        <summary>
          Commands<span class="soft"> and what the host printed</span>
        </summary>
        <ol class="commands">
          <For each={props.task.commands}>
            {(command) => (
              <li>
                <code>{command}</code>
              </li>
            )}
          </For>
        </ol>
        <Show when={props.task.hostOutput}>
          {(output) => (
            <pre tabindex="0" role="group" aria-label="What the host printed">
              {output()}
            </pre>
          )}
        </Show>
      </details>
    </Show>
  );
}
