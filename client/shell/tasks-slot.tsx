import { createMemo, createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import { useApp } from "../context.ts";
import { hasEnded } from "../inventory/rows.ts";
import { Icon } from "../ui/icon.tsx";
import { useTaskToasts } from "./task-toasts.ts";

const TasksPanel = lazy(async () => ({ default: (await import("./tasks-panel.tsx")).TasksPanel }));

/** How many tasks are under way, in the corner of every page; pressed, which ones. */
export function TasksSlot(): JSX.Element {
  const { inventory, shortcuts } = useApp();
  const [isOpen, setOpen] = createSignal(false);
  const [button, setButton] = createSignal<HTMLElement>();
  const running = createMemo(() => [...inventory.tasks().values()].filter((task) => !hasEnded(task)).length);
  const words = () => (running() === 1 ? "1 task is under way" : `${running()} tasks are under way`);
  useTaskToasts();
  shortcuts.use("Tasks", [{ keys: "t", label: "Show the latest tasks", run: () => setOpen((was) => !was) }]);
  return (
    <>
      <button
        type="button"
        class="button tasks-slot"
        data-look="bare"
        data-busy={running() > 0 ? "" : undefined}
        title={`${words()} (t)`}
        aria-haspopup="dialog"
        aria-expanded={isOpen()}
        ref={setButton}
        onClick={() => setOpen((was) => !was)}
        onPointerEnter={() => void TasksPanel.preload()}
      >
        <Icon name="tasks" /> <span aria-hidden="true">{running()}</span>
        <span class="unseen">{words()}</span>
      </button>
      <Show when={isOpen()}>
        <Suspense>
          <TasksPanel anchor={button()} onClose={() => setOpen(false)} />
        </Suspense>
      </Show>
    </>
  );
}
