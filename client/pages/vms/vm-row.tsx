import { type Accessor, For, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import type { Vm } from "../../inventory/state.ts";
import type { PageModel } from "./page-model.ts";
import { VmCell } from "./vm-cell.tsx";

export interface VmRowProps {
  readonly model: PageModel;
  /** Into the ids that are shown. */
  readonly index: number;
  /** As screen readers count: from 1, with the header. */
  readonly rowIndex: number;
  readonly id: string;
  readonly style: JSX.CSSProperties;
}

export function VmRow(props: VmRowProps): JSX.Element {
  const { inventory } = useApp();
  const vm = inventory.vm(() => props.model.ids()[props.index]);
  return <Show when={vm()}>{(known) => <Row {...props} vm={known} />}</Show>;
}

function Row(props: VmRowProps & { readonly vm: Accessor<Vm> }): JSX.Element {
  const { model } = props;
  const isSelected = () => model.isSelected(props.vm().id);

  function onClick(event: MouseEvent): void {
    if (event.target instanceof Element && event.target.closest("a, input")) return;
    model.moveTo(props.index);
    if (event.shiftKey) model.extendTo(props.vm().id);
    else if (event.ctrlKey || event.metaKey) model.toggle(props.vm().id);
  }

  return (
    <div
      class="row"
      role="row"
      id={props.id}
      aria-rowindex={props.rowIndex}
      aria-selected={isSelected()}
      data-cursor={model.cursor() === props.index ? "" : undefined}
      data-stale={props.vm().stale ? "" : undefined}
      style={props.style}
      onClick={onClick}
    >
      <span role="gridcell" class="cell" data-column="select" aria-colindex={1}>
        <input
          type="checkbox"
          tabindex="-1"
          aria-label={`Select ${props.vm().name}`}
          checked={isSelected()}
          onClick={({ shiftKey }) => (shiftKey ? model.extendTo(props.vm().id) : model.toggle(props.vm().id))}
        />
      </span>
      <For each={model.columns()}>
        {(column, index) => (
          <span
            role="gridcell"
            class="cell"
            data-column={column.key}
            data-align={column.align}
            aria-colindex={index() + 2}
          >
            <VmCell column={column} vm={props.vm} />
          </span>
        )}
      </For>
    </div>
  );
}
