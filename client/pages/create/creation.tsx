import { A } from "@solidjs/router";
import { createSignal, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { cancelTask } from "../../actions/cancel-task.ts";
import { ApiFailure } from "../../api/failure.ts";
import { useApp } from "../../context.ts";
import { hasEnded } from "../../inventory/rows.ts";
import type { Task } from "../../inventory/state.ts";
import { Icon } from "../../ui/icon.tsx";
import { CreationRecord } from "./creation-record.tsx";
import { CreationSteps } from "./creation-steps.tsx";
import { writeDraft } from "./draft.ts";
import type { PageModel } from "./page-model.ts";
import "./creation.css";

/** What becomes of the wish: its task, live, and where to go from there. */
export function Creation(props: { readonly model: PageModel }): JSX.Element {
  const { inventory } = useApp();
  const task = inventory.task(props.model.taskId);
  // Whoever comes back later wants the next one; a reload still shows this one.
  onCleanup(() => {
    if (task()?.state === "SUCCEEDED") writeDraft({ form: { ...props.model.form(), name: "" } });
  });
  return (
    <Show when={task()} fallback={<UnknownTask model={props.model} />}>
      {(known) => (
        <article class="creation card" aria-label="Creation">
          <header>
            <h2>
              {title(known())} {props.model.form().name} on {known().nodeName}
            </h2>
            <Show when={!hasEnded(known())}>
              <CancelButton task={known()} />
            </Show>
          </header>
          <Show when={!hasEnded(known())}>
            <p class="creation-progress">
              <progress max={100} value={known().progress ?? 0} aria-label="Progress" />
              <span>{known().progress ?? 0} %</span>
            </p>
          </Show>
          <Outcome task={known()} />
          <CreationSteps steps={known().steps} />
          <WhereNext task={known()} model={props.model} />
          <CreationRecord task={known()} />
        </article>
      )}
    </Show>
  );
}

function title({ state, finishedAt }: Task): string {
  if (finishedAt === null) return state === "QUEUED" ? "Waiting to create" : "Creating";
  if (state === "SUCCEEDED") return "Created";
  return state === "CANCELLED" ? "Cancelled:" : "Not created:";
}

function Outcome(props: { readonly task: Task }): JSX.Element {
  const message = () => props.task.error?.message ?? props.task.result;
  return (
    <div role="status">
      <Show when={message()}>
        {(text) => (
          <p class="outcome" data-state={props.task.state}>
            <Icon name={props.task.state === "SUCCEEDED" ? "check" : "warning"} />
            <span>{text()}</span>
          </p>
        )}
      </Show>
    </div>
  );
}

function WhereNext(props: { readonly task: Task; readonly model: PageModel }): JSX.Element {
  const another = (look?: "main") => (
    <button type="button" class="button" data-look={look} onClick={() => props.model.again({ name: "" })}>
      Create another
    </button>
  );
  return (
    <p class="actions">
      <Show when={props.task.vmId}>
        {(id) => (
          <A class="button" data-look="main" href={`/vms/${encodeURIComponent(id())}`}>
            Show {props.model.form().name}
          </A>
        )}
      </Show>
      <Switch fallback={another()}>
        <Match when={hasEnded(props.task) && props.task.state !== "SUCCEEDED" && props.task.vmId === null}>
          <button type="button" class="button" data-look="main" onClick={() => props.model.again()}>
            Change and try again
          </button>
        </Match>
      </Switch>
    </p>
  );
}

function CancelButton(props: { readonly task: Task }): JSX.Element {
  const { api, inventory } = useApp();
  const [isAsking, setAsking] = createSignal(false);
  const [refusal, setRefusal] = createSignal<string>();

  async function cancel(): Promise<void> {
    setAsking(true);
    try {
      const { task, userErrors } = await cancelTask(api, props.task.id);
      if (task !== null) inventory.dispatch({ kind: "tasksChanged", tasks: [task] });
      setRefusal(userErrors.map(({ message }) => message).join(" ") || undefined);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setRefusal(error.message);
    } finally {
      setAsking(false);
    }
  }

  return (
    <span class="creation-cancel">
      <span role="status">{refusal() ?? (isAsking() ? "Taking back what was made …" : "")}</span>
      <button type="button" class="button" disabled={isAsking()} onClick={() => void cancel()}>
        Cancel
      </button>
    </span>
  );
}

function UnknownTask(props: { readonly model: PageModel }): JSX.Element {
  const { inventory } = useApp();
  return (
    <Show when={inventory.isComplete()} fallback={<p class="hint">Reading the task …</p>}>
      <p>
        The task that was begun here is not among the latest any more.{" "}
        <button type="button" class="button" onClick={() => props.model.again()}>
          Back to the form
        </button>
      </p>
    </Show>
  );
}
