import { createMemo, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import type { Task } from "../../inventory/state.ts";
import { subjectOf } from "../../tasks/words.ts";

export interface CreatingRowProps {
  readonly taskId: string | undefined;
  readonly rowIndex: number;
  readonly style: JSX.CSSProperties;
}

/** A VM that is being created: not in the inventory yet, but on its way. */
export function CreatingRow(props: CreatingRowProps): JSX.Element {
  const { inventory } = useApp();
  const task = inventory.task(() => props.taskId);
  return (
    <Show when={task()}>
      {(known) => (
        <div class="row creating" role="row" aria-rowindex={props.rowIndex} style={props.style}>
          <span role="gridcell" class="cell" data-column="creating">
            <span class="spinner" aria-hidden="true" />
            <a class="clip name" href={`/tasks?task=${encodeURIComponent(known().id)}`} title={words(known())}>
              {words(known())}
            </a>
            <Progress task={known()} />
          </span>
        </div>
      )}
    </Show>
  );
}

function words(task: Task): string {
  const step = task.steps.find(({ state }) => state === "RUNNING")?.name;
  return `Creating ${subjectOf(task)} on ${task.nodeName}${step ? `: ${step}` : ""}`;
}

function Progress(props: { readonly task: Task }): JSX.Element {
  const percent = createMemo(() => {
    const { progress, steps } = props.task;
    if (progress !== null || steps.length === 0) return progress ?? 0;
    const done = steps.filter(({ state }) => state === "DONE" || state === "SKIPPED").length;
    return Math.round((done / steps.length) * 100);
  });
  return (
    <>
      <progress max={100} value={percent()} aria-label="Progress" />
      <span>{percent()} %</span>
    </>
  );
}
