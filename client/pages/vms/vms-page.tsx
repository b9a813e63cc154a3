import { createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import { useApp } from "../../context.ts";
import { useTitle } from "../../ui/use-title.ts";
import { FilterBar } from "./filter-bar.tsx";
import { createPageModel } from "./page-model.ts";
import { PowerBar } from "./power-bar.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useListKeys } from "./use-list-keys.ts";
import { VmGrid } from "./vm-grid.tsx";
import "./vms.css";

const PowerDialog = lazy(async () => ({ default: (await import("../../actions/power-dialog.tsx")).PowerDialog }));

export function VmsPage(): JSX.Element {
  const { inventory } = useApp();
  const model = createPageModel(inventory);
  const [search, setSearch] = createSignal<HTMLInputElement>();
  let bar: HTMLElement | undefined;
  useTitle(() => "VMs");
  useListKeys(model, {
    focusSearch: () => search()?.focus(),
    focusPower: () => bar?.querySelector<HTMLElement>("button:not([disabled])")?.focus(),
  });
  return (
    <div class="vms">
      <Toolbar model={model} searchRef={setSearch} />
      <Show when={model.selected().length > 0} fallback={<FilterBar model={model} />}>
        <PowerBar
          model={model}
          ref={(element) => {
            bar = element;
          }}
        />
      </Show>
      <VmGrid model={model} />
      <Show when={model.asked()}>
        {(asked) => (
          <Suspense>
            <PowerDialog action={asked().action} vms={asked().vms} onClose={model.closeQuestion} />
          </Suspense>
        )}
      </Show>
    </div>
  );
}
