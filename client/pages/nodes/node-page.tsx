import { A, useParams } from "@solidjs/router";
import { type Accessor, createMemo, type JSX, Show } from "solid-js";
import { useRefresh } from "../../actions/refresh-node.ts";
import { useApp } from "../../context.ts";
import { NodeDetailDocument } from "../../gql/graphql.ts";
import { createReading } from "../../inventory/reading.ts";
import type { Node } from "../../inventory/state.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { hostClientUrl } from "./advice.ts";
import { CapacityBars } from "./capacity-bars.tsx";
import { Datastores } from "./datastores.tsx";
import { Facts } from "./facts.tsx";
import { Images } from "./images.tsx";
import { Labels } from "./node-row.tsx";
import { NodeTasks } from "./node-tasks.tsx";
import { PortGroups } from "./port-groups.tsx";
import { RefreshButton, RefreshFailure } from "./refresh-button.tsx";
import { Status } from "./status.tsx";
import { Trouble } from "./trouble.tsx";
import "./nodes.css";
import "./node.css";

export function NodePage(): JSX.Element {
  const { inventory } = useApp();
  const params = useParams();
  const name = () => params["name"];
  const node = inventory.node(name);
  useTitle(() => name() ?? "Node");
  return (
    <Show when={node()} fallback={<NoNode name={name() ?? ""} />}>
      {(known) => <NodeView node={known} />}
    </Show>
  );
}

function NodeView(props: { readonly node: Accessor<Node> }): JSX.Element {
  const { api, shortcuts } = useApp();
  const node = () => props.node();
  const refresh = useRefresh(() => node().name);
  shortcuts.use("Node", [{ keys: "r", label: "Refresh it", run: () => void refresh.start() }]);
  // Port groups and images may be others after every look at the node.
  const lookedAt = createMemo(() => `${node().name} ${node().lastScan?.at ?? ""}`);
  const detail = createReading(lookedAt, () => api.query(NodeDetailDocument, { name: node().name }));
  const known = () => detail.value()?.node ?? undefined;
  return (
    <div class="node-page">
      <header class="page-head">
        <h1 class="clip">{node().name}</h1>
        <Status status={node().status} />
        <span class="soft clip">{node().address}</span>
        <Labels labels={node().labels} />
        <NodeLinks node={node()} />
        <RefreshButton node={node()} refresh={refresh} />
      </header>
      <RefreshFailure refresh={refresh} />
      <Trouble node={node()} />
      <section class="card capacities" aria-label="Capacity">
        <CapacityBars node={node()} />
      </section>
      <Facts node={node()} detail={known()} />
      <NodeTasks name={node().name} />
      <Datastores datastores={node().datastores} limit={node().thresholds.node.storagePercent} />
      <Show when={known()} fallback={<p class="soft">{detail.failure() ?? "Reading port groups and images …"}</p>}>
        {(more) => (
          <>
            <PortGroups portGroups={more().portGroups} usual={more().defaults.portGroup} />
            <Images images={more().isoImages} datastores={node().datastores} />
          </>
        )}
      </Show>
    </div>
  );
}

function NodeLinks(props: { readonly node: Node }): JSX.Element {
  const query = () => `node=${encodeURIComponent(props.node.name)}`;
  return (
    <nav class="node-links" aria-label={`Links of ${props.node.name}`}>
      <A class="button" href={`/vms?${query()}`}>
        <Icon name="vms" /> Its VMs
      </A>
      <A class="button" href={`/create?${query()}`}>
        <Icon name="create" /> Create a VM
      </A>
      <Show when={hostClientUrl(props.node.address)}>
        {(url) => (
          <a class="button" href={url()} target="_blank" rel="noreferrer">
            Host Client
          </a>
        )}
      </Show>
    </nav>
  );
}

function NoNode(props: { readonly name: string }): JSX.Element {
  const { inventory } = useApp();
  return (
    <Show when={inventory.isComplete()} fallback={<p class="soft reading-nodes">Reading the nodes …</p>}>
      <EmptyState title={`There is no node ${props.name}`} icon="nodes">
        <p>
          It is not in <code>hosts.yml</code> (any more). <A href="/nodes">See all nodes</A>
        </p>
      </EmptyState>
    </Show>
  );
}
