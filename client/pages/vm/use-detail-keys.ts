/** The keys of the page. */
import { useApp } from "../../context.ts";

export interface DetailKeys {
  readonly page: () => HTMLElement | undefined;
  readonly showTab: (index: number) => void;
}

export function useDetailKeys({ page, showTab }: DetailKeys): void {
  const { shortcuts } = useApp();
  const focus = (selector: string) => page()?.querySelector<HTMLElement>(selector)?.focus();
  shortcuts.use("This VM", [
    { keys: "p", label: "Power actions", run: () => focus(".vm-power button:not([aria-disabled=true])") },
    { keys: "a", label: "Answers to its question", run: () => focus(".vm-choices button") },
    ...["Overview", "Hardware", "Usage", "Tasks"].map((label, index) => ({
      keys: String(index + 1),
      label,
      run: () => showTab(index),
    })),
  ]);
}
