import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { useApp } from "../../context.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { NodeRow } from "./node-row.tsx";
import "./nodes.css";

export function NodesPage(): JSX.Element {
  const { inventory } = useApp();
  useTitle(() => "Nodes");
  const names = createMemo<readonly string[]>((before) => {
    const now = [...inventory.nodes().keys()].toSorted();
    return before.length === now.length && before.every((name, index) => name === now[index]) ? before : now;
  }, []);
  const troubled = () => [...inventory.nodes().values()].filter(isTroubled).length;
  return (
    <div class="nodes">
      <header class="page-head">
        <h1>Nodes</h1>
        <p class="soft" role="status">
          {names().length}
          <Show when={troubled() > 0}>
            {" "}
            · <span class="mark">{troubled()} not well</span>
          </Show>
        </p>
      </header>
      <Show when={names().length > 0} fallback={<NoNodes />}>
        <ul class="node-list">
          <For each={names()}>
            {(name) => {
              const node = inventory.node(() => name);
              return <Show when={node()}>{(known) => <NodeRow node={known} />}</Show>;
            }}
          </For>
        </ul>
      </Show>
    </div>
  );
}

function isTroubled({ status }: { readonly status: string }): boolean {
  return status !== "ONLINE" && status !== "DISABLED" && status !== "PENDING";
}

function NoNodes(): JSX.Element {
  const { inventory, connection, retry } = useApp();
  return (
    <Switch fallback={<p class="soft reading-nodes">Reading the nodes …</p>}>
      <Match when={inventory.isComplete()}>
        <EmptyState title="No hosts yet" icon="nodes">
          <p>
            Write your ESXi hosts into <code>hosts.yml</code> (start from <code>hosts.example.yml</code>) and save it:
            the server sees them at once, and they appear here.
          </p>
        </EmptyState>
      </Match>
      <Match when={connection().kind === "lost"}>
        <EmptyState title="No connection to the server" icon="warning">
          <p>It is tried again by itself.</p>
          <p class="actions">
            <button type="button" class="button" onClick={retry}>
              Try now
            </button>
          </p>
        </EmptyState>
      </Match>
    </Switch>
  );
}
