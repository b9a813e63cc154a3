/** Asks for each VM and shows how each task goes. Closing it stops nothing: the tasks go on. */
import { createMemo, createSignal, For, type JSX, Match, onMount, Show, Switch } from "solid-js";
import { ApiFailure } from "../api/failure.ts";
import { useApp } from "../context.ts";
import type { PowerAction } from "../gql/graphql.ts";
import { hasEnded } from "../inventory/rows.ts";
import type { Task, Vm } from "../inventory/state.ts";
import { Icon } from "../ui/icon.tsx";
import { setPower } from "./set-power.ts";

export interface PowerResultsProps {
  readonly action: PowerAction;
  readonly vms: readonly Vm[];
  readonly onClose: () => void;
}

/** `asked`: a task was recorded. `refused`: none was, and why. Undefined before the answer. */
type Answer =
  | { readonly kind: "asked"; readonly taskId: string }
  | { readonly kind: "refused"; readonly message: string };

/** So many requests at a time: the server takes more, but the first answers are to come soon. */
const atOnce = 6;

export function PowerResults(props: PowerResultsProps): JSX.Element {
  const { api, inventory } = useApp();
  const [answers, setAnswers] = createSignal<ReadonlyMap<string, Answer>>(new Map());

  async function ask(vm: Vm): Promise<void> {
    const answer = await answerFor(vm);
    setAnswers((all) => new Map(all).set(vm.id, answer));
  }

  async function answerFor(vm: Vm): Promise<Answer> {
    try {
      const { task, userErrors } = await setPower(api, vm, props.action);
      if (task === null) return { kind: "refused", message: userErrors.map(({ message }) => message).join(" ") };
      inventory.dispatch({ kind: "tasksChanged", tasks: [task] });
      return { kind: "asked", taskId: task.id };
    } catch (error) {
      if (error instanceof ApiFailure) return { kind: "refused", message: error.message };
      throw error;
    }
  }

  const outcomes = () => props.vms.map(({ id }) => outcomeOf(answers().get(id), inventory.tasks()));
  const count = (outcome: Outcome) => outcomes().filter((one) => one === outcome).length;
  const summary = () =>
    [
      `${count("done")} of ${props.vms.length} done`,
      ...(count("failed") > 0 ? [`${count("failed")} failed`] : []),
      ...(count("under way") > 0 ? [`${count("under way")} under way`] : []),
    ].join(", ");

  onMount(() => {
    const waiting = [...props.vms];
    const work = async (): Promise<void> => {
      for (let vm = waiting.shift(); vm !== undefined; vm = waiting.shift()) await ask(vm);
    };
    for (let line = 0; line < atOnce; line += 1) void work();
  });

  return (
    <>
      <p role="status">{summary()}</p>
      <ul class="results">
        <For each={props.vms}>{(vm) => <Result vm={vm} answer={answers().get(vm.id)} />}</For>
      </ul>
      <p class="actions">
        <button type="button" class="button" onClick={props.onClose}>
          Close
        </button>
      </p>
    </>
  );
}

type Outcome = "under way" | "done" | "failed";

function outcomeOf(answer: Answer | undefined, tasks: ReadonlyMap<string, Task>): Outcome {
  if (answer === undefined) return "under way";
  if (answer.kind === "refused") return "failed";
  const task = tasks.get(answer.taskId);
  if (task === undefined || !hasEnded(task)) return "under way";
  return task.state === "SUCCEEDED" ? "done" : "failed";
}

function Result(props: { readonly vm: Vm; readonly answer: Answer | undefined }): JSX.Element {
  const { inventory } = useApp();
  const task = inventory.task(() => (props.answer?.kind === "asked" ? props.answer.taskId : undefined));
  const outcome = createMemo(() => outcomeOf(props.answer, inventory.tasks()));
  const message = () => {
    if (props.answer?.kind === "refused") return props.answer.message;
    return task()?.error?.message ?? task()?.result ?? task()?.steps.find(({ state }) => state === "RUNNING")?.name;
  };
  return (
    <li data-outcome={outcome()}>
      <Switch fallback={<span class="spinner" aria-hidden="true" />}>
        <Match when={outcome() === "done"}>
          <Icon name="check" />
        </Match>
        <Match when={outcome() === "failed"}>
          <Icon name="warning" />
        </Match>
      </Switch>
      <span>
        <strong>{props.vm.name}</strong> <span class="result-word">{outcome()}</span>
        <Show when={message()}>{(text) => <span class="result-message">{text()}</span>}</Show>
      </span>
    </li>
  );
}
