import { For, type JSX, Show } from "solid-js";
import type { Node } from "../../inventory/state.ts";
import { Meter } from "../../ui/meter.tsx";
import { type Capacity, capacitiesOf } from "./capacity.ts";

/** CPU, memory and the fullest datastore of a node, each with its limit. */
export function CapacityBars(props: { readonly node: Node }): JSX.Element {
  const capacities = () => capacitiesOf(props.node);
  const keys = ["cpu", "memory", "storage"] as const;
  return (
    <For each={keys}>
      {(key) => (
        <Show when={capacities().find((one) => one.key === key)} fallback={<div class="capacity" />}>
          {(capacity) => <Bar capacity={capacity()} name={props.node.name} />}
        </Show>
      )}
    </For>
  );
}

function Bar(props: { readonly capacity: Capacity; readonly name: string }): JSX.Element {
  const limit = () => `${props.capacity.limit}${props.capacity.key === "cpu" ? "" : " %"}`;
  return (
    <div class="capacity" title={`Marked from ${limit()} on`}>
      <span class="capacity-head">
        <span class="capacity-label">{props.capacity.label}</span>
        <span classList={{ mark: props.capacity.isExceeded }}>
          {props.capacity.text}
          <Show when={props.capacity.isExceeded}>
            <span class="unseen"> at or above the limit of {limit()}</span>
          </Show>
        </span>
      </span>
      <Meter
        label={`${props.capacity.label} of ${props.name}`}
        value={props.capacity.value}
        most={props.capacity.most}
        limit={props.capacity.limit}
        isExceeded={props.capacity.isExceeded}
        text={`${props.capacity.text}, ${props.capacity.detail}`}
      />
      <span class="capacity-detail clip">{props.capacity.detail}</span>
    </div>
  );
}
