/** The keys of the list. */
import { useNavigate } from "@solidjs/router";
import { useApp } from "../../context.ts";
import type { PageModel } from "./page-model.ts";

export interface ListKeys {
  readonly focusSearch: () => void;
  readonly focusPower: () => void;
}

export function useListKeys(model: PageModel, { focusSearch, focusPower }: ListKeys): void {
  const { shortcuts } = useApp();
  const navigate = useNavigate();
  const current = () => model.ids()[model.cursor()];

  function withCurrent(run: (id: string) => void): void {
    const id = current();
    if (id !== undefined) run(id);
  }

  function move(step: number, selects: boolean): void {
    if (selects) withCurrent((id) => model.extendTo(id));
    model.moveTo(model.cursor() + step);
    if (selects) withCurrent((id) => model.extendTo(id));
  }

  shortcuts.use("VMs", [
    { keys: "/", label: "Search", run: focusSearch },
    { keys: "j", label: "Next row", run: () => move(1, false) },
    { keys: "k", label: "Row before", run: () => move(-1, false) },
    { keys: "J", label: "Select downwards (Shift)", run: () => move(1, true) },
    { keys: "K", label: "Select upwards (Shift)", run: () => move(-1, true) },
    { keys: "x", label: "Select the row, or not", run: () => withCurrent(model.toggle) },
    { keys: "a", label: "Select all that are shown", run: model.selectAll },
    { keys: "Escape", label: "Select nothing", run: model.selectNone },
    {
      keys: "Enter",
      label: "Open the row",
      run: () => withCurrent((id) => navigate(`/vms/${encodeURIComponent(id)}`)),
    },
    {
      keys: "p",
      label: "Power actions of the selected rows",
      run() {
        if (model.selected().length === 0) withCurrent(model.toggle);
        focusPower();
      },
    },
  ]);
}
