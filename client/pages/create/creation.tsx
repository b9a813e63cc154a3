import { A } from "@solidjs/router";
import { type JSX, onCleanup, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { hasEnded } from "../../inventory/rows.ts";
import type { Task } from "../../inventory/state.ts";
import { CancelButton } from "../../tasks/cancel-button.tsx";
import { TaskDetails } from "../../tasks/task-details.tsx";
import { TaskProgress } from "../../tasks/task-progress.tsx";
import { subjectOf } from "../../tasks/words.ts";
import "../../tasks/tasks.css";
import { writeDraft } from "./draft.ts";
import type { PageModel } from "./page-model.ts";
import "./creation.css";

export interface CreationProps {
  readonly model: PageModel;
}

/** What becomes of the wish: its task, live, and where to go from there. */
export function Creation(props: CreationProps): JSX.Element {
  const { inventory } = useApp();
  const task = inventory.task(props.model.taskId);
  // Whoever comes back later wants the next one; a reload still shows this one.
  onCleanup(() => {
    if (task()?.state === "SUCCEEDED") writeDraft({ form: { ...props.model.form(), name: "" } });
  });
  return (
    <Show when={task()} fallback={<UnknownTask model={props.model} />}>
      {(known) => (
        <article class="creation" aria-label="Creation">
          <header>
            <div role="status">
              <h2>
                {title(known())} {subjectOf(known())} on {known().nodeName}
              </h2>
            </div>
            <CancelButton task={known()} />
          </header>
          <TaskProgress task={known()} />
          <WhereNext task={known()} model={props.model} />
          <TaskDetails task={known()} />
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

function WhereNext(props: CreationProps & { readonly task: Task }): JSX.Element {
  const isUndone = () => hasEnded(props.task) && props.task.state !== "SUCCEEDED" && props.task.vmId === null;
  return (
    <p class="actions">
      <Show when={props.task.vmId}>
        {(id) => (
          <A class="button" data-look="main" href={`/vms/${encodeURIComponent(id())}`}>
            Show {subjectOf(props.task)}
          </A>
        )}
      </Show>
      <A class="button" href="/vms">
        All VMs
      </A>
      <Show
        when={isUndone()}
        fallback={
          <button type="button" class="button" onClick={() => props.model.again({ name: "" })}>
            Create another
          </button>
        }
      >
        <button type="button" class="button" data-look="main" onClick={() => props.model.again()}>
          Change and try again
        </button>
      </Show>
    </p>
  );
}

function UnknownTask(props: CreationProps): JSX.Element {
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
