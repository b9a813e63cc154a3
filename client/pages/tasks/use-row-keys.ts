import { useApp } from "../../context.ts";

/** `j` and `k` go from task to task; Enter opens the one that has the focus. */
export function useRowKeys(page: () => HTMLElement | undefined): void {
  const { shortcuts } = useApp();

  function move(step: number): void {
    const toggles = [...(page()?.querySelectorAll<HTMLElement>(".task-toggle") ?? [])];
    const present = toggles.findIndex((toggle) => toggle.closest(".task")?.contains(document.activeElement));
    const next = present < 0 ? 0 : Math.max(0, Math.min(present + step, toggles.length - 1));
    toggles[next]?.focus();
  }

  shortcuts.use("Tasks", [
    { keys: "j", label: "Next task", run: () => move(1) },
    { keys: "k", label: "Task before", run: () => move(-1) },
  ]);
}
