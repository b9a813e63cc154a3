/** The table: only the rows in sight are in the document, and a row is drawn anew only where its VM changes. */
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import { createRowWindow } from "../../ui/row-window.ts";
import { useMedia } from "../../ui/use-media.ts";
import type { Column } from "./columns.ts";
import { CreatingRow } from "./creating-row.tsx";
import { EmptyList } from "./empty-list.tsx";
import { GridHeader } from "./grid-header.tsx";
import type { PageModel } from "./page-model.ts";
import { useGridKeys } from "./use-grid-keys.ts";
import { VmRow } from "./vm-row.tsx";
import "./grid.css";
import "./grid-phone.css";

const headerHeight = 32;
const selectWidth = 40;
const narrow = "(max-width: 640px)";

export function VmGrid(props: { readonly model: PageModel }): JSX.Element {
  const { model } = props;
  const [scroller, setScroller] = createSignal<HTMLDivElement>();
  const isNarrow = useMedia(narrow);
  const rowHeight = createMemo(() => {
    if (isNarrow()) return model.view().dense ? 50 : 58;
    return model.view().dense ? 26 : 34;
  });
  const top = () => (isNarrow() ? 0 : headerHeight);
  const count = () => model.creating().length + model.ids().length;

  const rows = createRowWindow({ scroller, count, rowHeight, top });
  createEffect(on(model.cursor, (index) => index >= 0 && rows.show(index + model.creating().length), { defer: true }));

  return (
    <div
      class="grid"
      role="grid"
      aria-label="VMs"
      aria-multiselectable="true"
      aria-rowcount={count() + 1}
      aria-colcount={model.columns().length + 1}
      aria-activedescendant={model.cursor() >= 0 ? rowId(model.cursor()) : undefined}
      tabindex="0"
      ref={setScroller}
      data-narrow={isNarrow() ? "" : undefined}
      data-dense={model.view().dense ? "" : undefined}
      style={{ "--tracks": tracks(model.columns()), "--least": `${leastWidth(model.columns())}px` }}
      onKeyDown={useGridKeys(model, rows.page)}
    >
      <GridHeader model={model} isNarrow={isNarrow()} />
      <div class="grid-body" role="rowgroup" style={{ height: `${count() * rowHeight()}px` }}>
        <For each={rows.indexes()}>
          {(place) => {
            const index = () => place - model.creating().length;
            const style = () => ({ transform: `translateY(${place * rowHeight()}px)`, height: `${rowHeight()}px` });
            return (
              <Show
                when={index() >= 0}
                fallback={<CreatingRow taskId={model.creating()[place]} rowIndex={place + 2} style={style()} />}
              >
                <VmRow model={model} index={index()} rowIndex={place + 2} id={rowId(index())} style={style()} />
              </Show>
            );
          }}
        </For>
      </div>
      <Show when={count() === 0}>
        <EmptyList model={model} />
      </Show>
    </div>
  );
}

function rowId(index: number): string {
  return `vm-row-${index}`;
}

function tracks(columns: readonly Column[]): string {
  const widths = columns.map(({ width, grow }) => (grow > 0 ? `minmax(${width}px, ${grow}fr)` : `${width}px`));
  return [`${selectWidth}px`, ...widths].join(" ");
}

function leastWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, selectWidth);
}
