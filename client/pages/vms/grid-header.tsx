import { createEffect, For, type JSX, Show } from "solid-js";
import { Icon } from "../../ui/icon.tsx";
import { type Column, columns } from "./columns.ts";
import type { PageModel } from "./page-model.ts";
import { orderedBy } from "./view.ts";

export interface GridHeaderProps {
  readonly model: PageModel;
  /** There is no room for columns: one choice takes their place. */
  readonly isNarrow: boolean;
}

export function GridHeader(props: GridHeaderProps): JSX.Element {
  return (
    <div role="rowgroup" class="grid-head">
      <div class="row" role="row" aria-rowindex={1}>
        <span role="columnheader" class="cell" data-column="select" aria-colindex={1}>
          <SelectAll model={props.model} />
        </span>
        <Show
          when={!props.isNarrow}
          fallback={
            <span role="columnheader" class="cell" data-column="order">
              <OrderChoice model={props.model} />
            </span>
          }
        >
          <For each={props.model.columns()}>
            {(column, index) => <HeaderCell model={props.model} column={column} index={index() + 2} />}
          </For>
        </Show>
      </div>
    </div>
  );
}

function HeaderCell(props: {
  readonly model: PageModel;
  readonly column: Column;
  readonly index: number;
}): JSX.Element {
  const { view, change } = props.model;
  const place = () => view().order.findIndex(({ column }) => column === props.column.key);
  const isDescending = () => view().order[place()]?.descending ?? false;
  const sorted = () => (place() < 0 ? "none" : isDescending() ? "descending" : "ascending");
  return (
    <span
      role="columnheader"
      class="cell"
      data-align={props.column.align}
      aria-colindex={props.index}
      aria-sort={sorted()}
    >
      <button
        type="button"
        title="Order by this; with Shift also by this"
        onClick={({ shiftKey }) => change((now) => orderedBy(now, props.column.key, shiftKey))}
      >
        {props.column.label}
        <Show when={place() >= 0}>
          <Icon name={isDescending() ? "down" : "up"} />
          <Show when={view().order.length > 1}>
            <sub aria-hidden="true">{place() + 1}</sub>
          </Show>
        </Show>
      </button>
    </span>
  );
}

function SelectAll(props: { readonly model: PageModel }): JSX.Element {
  const { model } = props;
  const isAll = () => model.selected().length > 0 && model.selected().length === model.ids().length;
  return (
    <input
      type="checkbox"
      aria-label="Select all that are shown"
      checked={isAll()}
      ref={(box) =>
        createEffect(() => {
          box.indeterminate = model.selected().length > 0 && !isAll();
        })
      }
      onChange={() => (isAll() ? model.selectNone() : model.selectAll())}
    />
  );
}

function OrderChoice(props: { readonly model: PageModel }): JSX.Element {
  const { view, change } = props.model;
  const first = () => view().order[0];
  const value = () => `${first()?.descending ? "-" : ""}${first()?.column ?? "name"}`;
  const choose = (chosen: string): void => {
    const descending = chosen.startsWith("-");
    change((now) => ({ ...now, order: [{ column: chosen.replace(/^-/, ""), descending }] }));
  };
  return (
    <select
      class="field"
      aria-label="Order"
      value={value()}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    >
      <For each={columns}>
        {({ key, label }) => (
          <>
            <option value={key}>{label}, ascending</option>
            <option value={`-${key}`}>{label}, descending</option>
          </>
        )}
      </For>
    </select>
  );
}
