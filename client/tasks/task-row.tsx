import { type Accessor, createEffect, createMemo, type JSX, Show } from "solid-js";
import { useApp } from "../context.ts";
import { taskStateText } from "../format/task-words.ts";
import { ageText, durationText, momentText } from "../format/time.ts";
import type { Task } from "../inventory/state.ts";
import { Icon } from "../ui/icon.tsx";
import { CancelButton } from "./cancel-button.tsx";
import { TaskDetails } from "./task-details.tsx";
import { TaskProgress } from "./task-progress.tsx";
import { standingOfState, TaskSign } from "./task-sign.tsx";
import { TaskTitle } from "./task-title.tsx";
import { secondsOf, standingOf, titleOf } from "./words.ts";

export interface TaskRowProps {
  readonly task: Accessor<Task>;
  readonly isOpen: boolean;
  /** Brought into sight. */
  readonly isWanted: boolean;
  readonly onToggle: () => void;
}

/** A task on two lines; opened, with everything there is to know of it. */
export function TaskRow(props: TaskRowProps): JSX.Element {
  const task = () => props.task();
  const detailsId = () => `details-${task().id}`;
  let row: HTMLElement | undefined;
  createEffect(() => props.isWanted && row?.scrollIntoView({ block: "nearest" }));
  return (
    <li
      class="task"
      data-open={props.isOpen ? "" : undefined}
      ref={(element) => {
        row = element;
      }}
    >
      <div class="task-head">
        <button
          type="button"
          class="task-toggle"
          aria-expanded={props.isOpen}
          aria-controls={props.isOpen ? detailsId() : undefined}
          aria-label={`Details: ${titleOf(task())}`}
          onClick={props.onToggle}
        >
          <Icon name="down" />
        </button>
        <TaskState task={task()} />
        <TaskTitle task={task()} />
        <TaskProgress task={task()} />
        <TaskWhen task={task()} />
        <CancelButton task={task()} />
      </div>
      <Show when={!props.isOpen && standingOf(task())}>
        {(standing) => (
          <p class="task-standing" data-bad={task().error === null ? undefined : ""}>
            {standing()}
          </p>
        )}
      </Show>
      <Show when={props.isOpen}>
        <div id={detailsId()}>
          <TaskDetails task={task()} />
        </div>
      </Show>
    </li>
  );
}

function TaskState(props: { readonly task: Task }): JSX.Element {
  const standing = createMemo(() => standingOfState(props.task.state, props.task.finishedAt));
  return (
    <span class="task-state" data-standing={standing()}>
      <TaskSign standing={standing()} />
      {taskStateText(props.task.state, props.task.finishedAt)}
    </span>
  );
}

/** Who asked for it, how long ago, and how long it took. */
function TaskWhen(props: { readonly task: Task }): JSX.Element {
  const { inventory, now } = useApp();
  const serverNow = () => now() + inventory.clockOffset();
  const age = createMemo(() => ageText(props.task.createdAt, serverNow()));
  const took = createMemo(() => {
    const seconds = secondsOf(props.task, serverNow);
    return seconds === undefined || seconds < 1 ? "" : `, ${durationText(seconds)}`;
  });
  return (
    <span class="task-when" title={momentText(props.task.createdAt)}>
      {props.task.actor} · {age()}
      {took()}
    </span>
  );
}
