import { A } from "@solidjs/router";
import { type Accessor, For, type JSX, Show } from "solid-js";
import { useRefresh } from "../../actions/refresh-node.ts";
import type { Node } from "../../inventory/state.ts";
import { CapacityBars } from "./capacity-bars.tsx";
import { LastLook } from "./last-look.tsx";
import { RefreshButton, RefreshFailure } from "./refresh-button.tsx";
import { Status } from "./status.tsx";
import { Trouble } from "./trouble.tsx";
import { VmCounts } from "./vm-counts.tsx";

/** A node in the list: what it carries, how full it is, and what is the matter with it. */
export function NodeRow(props: { readonly node: Accessor<Node> }): JSX.Element {
  const node = () => props.node();
  const refresh = useRefresh(() => node().name);
  return (
    <li class="node-row" data-status={node().status}>
      <div class="node-name">
        <h2>
          <A class="clip" href={`/nodes/${encodeURIComponent(node().name)}`} title={node().name}>
            {node().name}
          </A>
        </h2>
        <Status status={node().status} />
        <div class="node-place">
          <span class="node-address clip">{node().address}</span>
          <Labels labels={node().labels} />
        </div>
      </div>
      <VmCounts node={node()} />
      <CapacityBars node={node()} />
      <div class="node-end">
        <Show when={node().version}>{(version) => <span class="clip">ESXi {version()}</span>}</Show>
        <LastLook node={node()} />
        <RefreshButton node={node()} refresh={refresh} />
      </div>
      <Trouble node={node()} />
      <RefreshFailure refresh={refresh} />
    </li>
  );
}

export function Labels(props: { readonly labels: readonly string[] }): JSX.Element {
  return (
    <Show when={props.labels.length > 0}>
      <ul class="labels" aria-label="Labels">
        <For each={props.labels}>{(label) => <li>{label}</li>}</For>
      </ul>
    </Show>
  );
}
