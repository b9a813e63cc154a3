/** Everything there is to know of a task. What the host printed is text and nothing else. */
import { A } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { useApp } from "../context.ts";
import { momentText } from "../format/time.ts";
import type { Task } from "../inventory/state.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { nextStepOf } from "./next-step.ts";
import { TaskSteps } from "./task-steps.tsx";
import "./task-details.css";

export function TaskDetails(props: { readonly task: Task }): JSX.Element {
  const { inventory, now } = useApp();
  const serverNow = () => now() + inventory.clockOffset();
  const commands = createMemo(() => props.task.commands);
  return (
    <div class="task-details">
      <TaskFailure task={props.task} />
      <Show when={props.task.error === null && props.task.result}>
        {(result) => <p class="task-result">{result()}</p>}
      </Show>
      <section>
        <h2>Steps</h2>
        <Show when={props.task.steps.length > 0} fallback={<p class="soft">It has not begun.</p>}>
          <TaskSteps task={props.task} now={serverNow} />
        </Show>
      </section>
      <section>
        <h2>
          Commands run on {props.task.nodeName}
          <Show when={commands().length > 0}>
            <CopyButton isBare what="all commands" text={commands().join("\n")} />
          </Show>
        </h2>
        <Show when={commands().length > 0} fallback={<p class="soft">None so far.</p>}>
          <ul class="task-commands">
            <For each={commands()}>
              {(command) => (
                <li>
                  <code>{command}</code>
                  <CopyButton isBare what="the command" text={command} />
                </li>
              )}
            </For>
          </ul>
        </Show>
      </section>
      <Show when={props.task.hostOutput}>
        {(output) => (
          <section>
            <h2>
              What the host printed
              <CopyButton isBare what="the output" text={output()} />
            </h2>
            <pre class="task-output" tabindex="0" role="group" aria-label="What the host printed">
              {output()}
            </pre>
          </section>
        )}
      </Show>
      <Moments task={props.task} />
    </div>
  );
}

function TaskFailure(props: { readonly task: Task }): JSX.Element {
  const nextStep = createMemo(() => nextStepOf(props.task));
  return (
    <Show when={props.task.error}>
      {(error) => (
        <div class="task-error">
          <p>
            <code>{error().code}</code> {error().message}
          </p>
          <Show when={nextStep()}>{(step) => <A href={step().href}>{step().label}</A>}</Show>
        </div>
      )}
    </Show>
  );
}

function Moments(props: { readonly task: Task }): JSX.Element {
  const moments = () =>
    [
      ["Recorded", props.task.createdAt],
      ["Begun", props.task.startedAt],
      ["Sent to the host", props.task.sentAt],
      ["Ended", props.task.finishedAt],
    ] as const;
  return (
    <dl class="task-moments">
      <For each={moments()}>
        {([label, at]) => (
          <Show when={at}>
            {(moment) => (
              <div>
                <dt>{label}</dt>
                <dd>{momentText(moment())}</dd>
              </div>
            )}
          </Show>
        )}
      </For>
      <div>
        <dt>Task</dt>
        <dd>
          <code>{props.task.id}</code>
        </dd>
      </div>
    </dl>
  );
}
