import { createMemo, type JSX } from "solid-js";
import { useApp } from "../context.ts";
import { hasEnded } from "../inventory/rows.ts";
import { Icon } from "../ui/icon.tsx";

/** How many tasks are under way, in the corner of every page. */
export function TasksSlot(): JSX.Element {
  const { inventory } = useApp();
  const running = createMemo(() => [...inventory.tasks().values()].filter((task) => !hasEnded(task)).length);
  const words = () => (running() === 1 ? "1 task is under way" : `${running()} tasks are under way`);
  return (
    <span class="tasks-slot" title={words()} data-busy={running() > 0 ? "" : undefined}>
      <Icon name="tasks" /> <span aria-hidden="true">{running()}</span>
      <span class="unseen">{words()}</span>
    </span>
  );
}
