import { createSignal, createUniqueId, type JSX, lazy, Show, Suspense } from "solid-js";
import { cancelTask } from "../actions/cancel-task.ts";
import { useAction } from "../actions/use-action.ts";
import { isOld } from "../api/connection.ts";
import { useApp } from "../context.ts";
import { hasEnded } from "../inventory/rows.ts";
import type { Task } from "../inventory/state.ts";
import { titleOf, whyNotCancel } from "./words.ts";

const ConfirmDialog = lazy(async () => ({ default: (await import("../ui/confirm-dialog.tsx")).ConfirmDialog }));

/** There while the task has not ended; where it can't be called off any more it says why. */
export function CancelButton(props: { readonly task: Task }): JSX.Element {
  const { api, connection } = useApp();
  const { isRunning, run } = useAction();
  const [isAsked, setAsked] = createSignal(false);
  const reasonId = createUniqueId();
  const why = () =>
    whyNotCancel(props.task) ?? (isOld(connection()) ? "There is no connection to the server." : undefined);
  const effect = () =>
    props.task.sentAt === null && props.task.kind !== "CREATE_VM"
      ? "Nothing was sent to the host yet, and nothing will be."
      : "What it has made on the host so far is taken back.";

  function confirm(): void {
    setAsked(false);
    void run(() => cancelTask(api, props.task.id));
  }
  return (
    <Show when={!hasEnded(props.task)}>
      <button
        type="button"
        class="button task-cancel"
        aria-disabled={why() !== undefined || isRunning()}
        aria-describedby={why() === undefined ? undefined : reasonId}
        aria-label={`Cancel: ${titleOf(props.task)}`}
        title={why()}
        onClick={() => why() === undefined && !isRunning() && setAsked(true)}
      >
        Cancel
      </button>
      <Show when={why()}>
        {(reason) => (
          <span class="unseen" id={reasonId}>
            {reason()}
          </span>
        )}
      </Show>
      <Show when={isAsked()}>
        <Suspense>
          <ConfirmDialog
            title="Cancel the task"
            confirm="Cancel the task"
            blocked={why()}
            onConfirm={confirm}
            onClose={() => setAsked(false)}
          >
            <p>
              Cancel “{titleOf(props.task)}” on {props.task.nodeName}? {effect()}
            </p>
          </ConfirmDialog>
        </Suspense>
      </Show>
    </Show>
  );
}
