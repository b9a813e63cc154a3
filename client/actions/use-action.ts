/** Asks for something that becomes a task, and tells by a toast when it was refused. */
import { createSignal } from "solid-js";
import { ApiFailure } from "../api/failure.ts";
import { useApp } from "../context.ts";
import type { Task } from "../inventory/state.ts";

export interface ActionAnswer {
  readonly task: Task | null;
  readonly userErrors: readonly { readonly message: string }[];
}

/** `run` resolves with the task, or with undefined when there is none; `isRunning` until the server has answered. */
export function useAction() {
  const { inventory, toasts } = useApp();
  const [isRunning, setRunning] = createSignal(false);

  async function run(ask: () => Promise<ActionAnswer>): Promise<Task | undefined> {
    setRunning(true);
    try {
      const { task, userErrors } = await ask();
      if (task !== null) {
        inventory.dispatch({ kind: "tasksChanged", tasks: [task] });
        return task;
      }
      toasts.show({ tone: "bad", text: userErrors.map(({ message }) => message).join(" ") });
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      toasts.show({ tone: "bad", text: error.message });
    } finally {
      setRunning(false);
    }
    return undefined;
  }
  return { isRunning, run };
}
