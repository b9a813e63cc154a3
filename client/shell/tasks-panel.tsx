/** The tasks that are under way and the last that ended, on every page. */
import { A } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { useApp } from "../context.ts";
import { taskStateText } from "../format/task-words.ts";
import { ageText } from "../format/time.ts";
import { hasEnded } from "../inventory/rows.ts";
import type { Task } from "../inventory/state.ts";
import { CancelButton } from "../tasks/cancel-button.tsx";
import { inOrder } from "../tasks/filter.ts";
import { TaskProgress } from "../tasks/task-progress.tsx";
import { standingOfState, TaskSign } from "../tasks/task-sign.tsx";
import { standingOf, titleOf } from "../tasks/words.ts";
import { Popover } from "../ui/popover.tsx";
import "../tasks/tasks.css";
import "./tasks-panel.css";

export interface TasksPanelProps {
  readonly anchor: HTMLElement | undefined;
  readonly onClose: () => void;
}

const mostEnded = 6;

export function TasksPanel(props: TasksPanelProps): JSX.Element {
  const { inventory } = useApp();
  const ids = createMemo<readonly string[]>((before) => {
    const tasks = inOrder(inventory.tasks().values());
    const running = tasks.findIndex(hasEnded);
    const shown = tasks.slice(0, (running < 0 ? tasks.length : running) + mostEnded).map(({ id }) => id);
    return shown.length === before.length && shown.every((id, index) => id === before[index]) ? before : shown;
  }, []);
  return (
    <Popover label="Latest tasks" anchor={props.anchor} onClose={props.onClose}>
      <div class="tasks-panel">
        <div class="panel-head">
          <h2>Tasks</h2>
          <A href="/tasks" onClick={props.onClose}>
            All tasks
          </A>
        </div>
        <Show when={ids().length > 0} fallback={<p class="soft">Nothing was done yet.</p>}>
          <ul>
            <For each={ids()}>{(id) => <PanelTask id={id} onClose={props.onClose} />}</For>
          </ul>
        </Show>
      </div>
    </Popover>
  );
}

function PanelTask(props: { readonly id: string; readonly onClose: () => void }): JSX.Element {
  const { inventory } = useApp();
  const task = inventory.task(() => props.id);
  return <Show when={task()}>{(known) => <PanelRow task={known()} onClose={props.onClose} />}</Show>;
}

function PanelRow(props: { readonly task: Task; readonly onClose: () => void }): JSX.Element {
  const { inventory, now } = useApp();
  const age = createMemo(() => ageText(props.task.finishedAt ?? props.task.createdAt, now() + inventory.clockOffset()));
  return (
    <li class="panel-task">
      <TaskSign standing={standingOfState(props.task.state, props.task.finishedAt)} />
      <div>
        <p>
          <A
            class="task-link clip"
            href={`/tasks?task=${encodeURIComponent(props.task.id)}`}
            title={titleOf(props.task)}
            onClick={props.onClose}
          >
            {titleOf(props.task)}
          </A>
          <span class="task-when">{age()}</span>
        </p>
        <p class="soft clip" title={standingOf(props.task)}>
          {taskStateText(props.task.state, props.task.finishedAt)}
          <Show when={standingOf(props.task)}>: {standingOf(props.task)}</Show>
        </p>
        <Show when={!hasEnded(props.task)}>
          <p>
            <TaskProgress task={props.task} />
            <CancelButton task={props.task} />
          </p>
        </Show>
      </div>
    </li>
  );
}
