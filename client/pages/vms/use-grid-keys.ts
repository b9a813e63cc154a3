import type { PageModel } from "./page-model.ts";

/** The keys of a grid that has the focus, as screen readers expect them; the letters are in use-list-keys.ts. */
export function useGridKeys(model: PageModel, pageOfRows: () => number): (event: KeyboardEvent) => void {
  const steps: Readonly<Record<string, () => number>> = {
    ArrowDown: () => model.cursor() + 1,
    ArrowUp: () => model.cursor() - 1,
    PageDown: () => model.cursor() + pageOfRows(),
    PageUp: () => model.cursor() - pageOfRows(),
    Home: () => 0,
    End: () => model.ids().length - 1,
  };

  function extend(): void {
    const id = model.ids()[model.cursor()];
    if (id !== undefined) model.extendTo(id);
  }

  return (event) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return model.selectAll();
    }
    if (event.key === " ") {
      event.preventDefault();
      const id = model.ids()[model.cursor()];
      if (id !== undefined) model.toggle(id);
      return;
    }
    const target = steps[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.shiftKey) extend();
    model.moveTo(target());
    if (event.shiftKey) extend();
  };
}
