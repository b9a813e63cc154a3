import { type JSX, Show } from "solid-js";
import { isOld } from "../../api/connection.ts";
import { useApp } from "../../context.ts";
import type { Vm } from "../../inventory/state.ts";
import { Icon } from "../../ui/icon.tsx";
import { LazyCheckMenu } from "../../ui/lazy-check-menu.tsx";
import { columns } from "./columns.ts";
import { downloadCsv } from "./download-csv.ts";
import type { PageModel } from "./page-model.ts";
import { createHref, defaultView, isFiltered, withColumnToggled } from "./view.ts";

export interface ToolbarProps {
  readonly model: PageModel;
  readonly searchRef: (input: HTMLInputElement) => void;
}

/** What is shown of how many, the search, and how it is shown. */
export function Toolbar(props: ToolbarProps): JSX.Element {
  const { inventory } = useApp();
  const { view, change } = props.model;
  const download = (vms: ReadonlyMap<string, Vm>) =>
    downloadCsv(
      props.model.ids().flatMap((id) => vms.get(id) ?? []),
      props.model.columns(),
    );
  const columnItems = () =>
    columns
      .filter(({ key }) => key !== "name")
      .map(({ key, label }) => ({ key, label, isChecked: view().columns.includes(key) }));
  return (
    <div class="toolbar">
      <h1>VMs</h1>
      <Count model={props.model} />
      <label class="search">
        <Icon name="search" />
        <span class="unseen">Search VMs</span>
        <input
          class="field"
          type="search"
          placeholder="Search name, host name, IP, comment"
          autocomplete="off"
          spellcheck={false}
          ref={props.searchRef}
          value={view().text}
          onInput={({ currentTarget }) => change((now) => ({ ...now, text: currentTarget.value }))}
          onKeyDown={(event) => leaveSearch(event, props.model)}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <a class="button toolbar-create" data-look="main" href={createHref(view())}>
        <Icon name="create" /> Create VM
      </a>
      <span class="toolbar-view">
        <LazyCheckMenu
          label="Columns"
          icon="columns"
          items={columnItems()}
          onToggle={(key) => change((now) => withColumnToggled(now, key))}
          reset={{
            label: "Back to the usual ones",
            run: () => change((now) => ({ ...now, columns: defaultView.columns })),
          }}
        />
        <button
          type="button"
          class="button"
          aria-pressed={view().dense}
          title="More rows on the screen"
          onClick={() => change((now) => ({ ...now, dense: !now.dense }))}
        >
          <Icon name="density" /> Dense
        </button>
        <button
          type="button"
          class="button"
          title="What is shown, as a file for spreadsheets"
          onClick={() => download(inventory.vms())}
        >
          <Icon name="download" /> CSV
        </button>
      </span>
    </div>
  );
}

/** Enter goes to the rows, Escape empties the search and then leaves it. */
function leaveSearch(event: KeyboardEvent & { readonly currentTarget: HTMLInputElement }, model: PageModel): void {
  if (event.key !== "Enter" && event.key !== "Escape") return;
  event.preventDefault();
  if (event.key === "Escape" && model.view().text !== "") return model.change((now) => ({ ...now, text: "" }));
  event.currentTarget.blur();
  if (event.key === "Enter" && model.cursor() < 0) model.moveTo(0);
}

function Count(props: { readonly model: PageModel }): JSX.Element {
  const { inventory, connection } = useApp();
  const reading = () =>
    isOld(connection())
      ? ""
      : `Reading ${known().toLocaleString("en")} of ${inventory.vmTotal()?.toLocaleString("en") ?? "…"}`;
  const known = () => inventory.vms().size;
  const text = () => {
    const shown = props.model.ids().length;
    const all = known().toLocaleString("en");
    return isFiltered(props.model.view()) ? `${shown.toLocaleString("en")} of ${all}` : all;
  };
  return (
    <p class="count" role="status">
      <span class="unseen">Shown: </span>
      <Show when={inventory.isComplete()} fallback={reading()}>
        {text()}
      </Show>
    </p>
  );
}
