import { Index, type JSX, Show } from "solid-js";
import { stepStateWords } from "../format/task-words.ts";
import { durationText } from "../format/time.ts";
import type { Task } from "../inventory/state.ts";
import { standingOfState, TaskSign } from "./task-sign.tsx";
import { secondsOf } from "./words.ts";

/** Its steps in order, with what came of each. */
export function TaskSteps(props: { readonly task: Task; readonly now: () => number }): JSX.Element {
  return (
    <ol class="task-steps">
      <Index each={props.task.steps}>
        {(step) => {
          const seconds = () => secondsOf(step(), props.now);
          /** What went wrong stands above already. */
          const detail = () => (step().detail === props.task.error?.message ? null : step().detail);
          return (
            <li data-state={step().state}>
              <TaskSign standing={standingOfState(step().state, step().finishedAt)} />
              <span>
                {step().name}
                <span class="unseen">: {stepStateWords[step().state]}</span>
                <Show when={detail()}>{(text) => <span class="task-detail">{text()}</span>}</Show>
              </span>
              <Show when={(seconds() ?? 0) >= 1}>
                <span class="task-took">{durationText(seconds() ?? 0)}</span>
              </Show>
            </li>
          );
        }}
      </Index>
    </ol>
  );
}
