import { createMemo, createSignal, For, type JSX, lazy, Show, Suspense } from "solid-js";
import { answerQuestion, type Choice, type Question } from "../../actions/answer-question.ts";
import { useAction } from "../../actions/use-action.ts";
import { isOld } from "../../api/connection.ts";
import { useApp } from "../../context.ts";
import { hasEnded } from "../../inventory/rows.ts";
import { titleOf } from "../../tasks/words.ts";
import { Icon } from "../../ui/icon.tsx";
import type { VmProps } from "./values.ts";

const ConfirmDialog = lazy(async () => ({ default: (await import("../../ui/confirm-dialog.tsx")).ConfirmDialog }));

/** What the VM asks, in the host's words, and the answers. */
export function PendingQuestion(props: VmProps): JSX.Element {
  return <Show when={props.vm().question}>{(question) => <Asking vm={props.vm} question={question()} />}</Show>;
}

interface Asked {
  readonly question: Question;
  readonly choice: Choice;
}

function Asking(props: VmProps & { readonly question: Question }): JSX.Element {
  const { api, connection, inventory } = useApp();
  const { isRunning, run } = useAction();
  const [asked, setAsked] = createSignal<Asked>();
  const [taskId, setTaskId] = createSignal<string>();
  const task = inventory.task(taskId);
  const isAnswering = () => {
    const known = task();
    return isRunning() || (known !== undefined && !hasEnded(known));
  };
  /** It holds the VM. A power-on that comes upon the question ends by itself in a moment. */
  const holder = createMemo(() =>
    [...inventory.tasks().values()].find(
      ({ vmId, state }) => vmId === props.vm().id && (state === "RUNNING" || state === "QUEUED"),
    ),
  );
  const blocked = () => {
    if (isOld(connection())) return "There is no connection to the server.";
    const held = holder();
    if (held !== undefined) return `“${titleOf(held)}” is still under way.`;
    return asked()?.question.id === props.question.id ? undefined : "It asks something else by now.";
  };

  async function answer({ question, choice }: Asked): Promise<void> {
    setAsked(undefined);
    const request = { vmId: props.vm().id, questionId: question.id, choiceKey: choice.key };
    setTaskId((await run(() => answerQuestion(api, request)))?.id);
  }
  return (
    <section class="vm-question" aria-labelledby="vm-question">
      <h2 id="vm-question">
        <Icon name="question" /> It asks, and waits for the answer
      </h2>
      <p class="vm-question-text">{props.question.text}</p>
      <p class="vm-choices">
        <For each={props.question.choices}>
          {(choice) => (
            <button
              type="button"
              class="button"
              disabled={isAnswering() || isOld(connection())}
              onClick={() => setAsked({ question: props.question, choice })}
            >
              {choice.label}
              <Show when={choice.default}>
                <span class="vm-default">suggested</span>
              </Show>
            </button>
          )}
        </For>
        <Show when={isAnswering()}>
          <span class="spinner" aria-hidden="true" /> <span role="status">Answering …</span>
        </Show>
      </p>
      <Show when={asked()}>
        {(wanted) => (
          <Suspense>
            <ConfirmDialog
              title="Answer the question"
              confirm={`Answer: ${wanted().choice.label}`}
              blocked={blocked()}
              onConfirm={() => void answer(wanted())}
              onClose={() => setAsked(undefined)}
            >
              <p class="vm-question-text">{wanted().question.text}</p>
              <p>
                Answer {props.vm().name} on {props.vm().node.name} with “{wanted().choice.label}”? It can't be taken
                back.
              </p>
            </ConfirmDialog>
          </Suspense>
        )}
      </Show>
    </section>
  );
}
