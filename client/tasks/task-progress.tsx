import { createMemo, type JSX, Show } from "solid-js";
import { hasEnded } from "../inventory/rows.ts";
import type { Task } from "../inventory/state.ts";
import { percentOf, titleOf } from "./words.ts";

/** While it is under way: how far. */
export function TaskProgress(props: { readonly task: Task }): JSX.Element {
  const percent = createMemo(() => (hasEnded(props.task) ? undefined : percentOf(props.task)));
  return (
    <Show when={percent() !== undefined}>
      <span class="task-progress">
        <progress max={100} value={percent()} aria-label={`Progress of ${titleOf(props.task)}`} />
        <span>{percent()} %</span>
      </span>
    </Show>
  );
}
