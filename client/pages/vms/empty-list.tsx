import { A } from "@solidjs/router";
import { For, type JSX, Match, Switch } from "solid-js";
import { useApp } from "../../context.ts";
import { statusWords } from "../../format/words.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Icon } from "../../ui/icon.tsx";
import type { PageModel } from "./page-model.ts";
import { withoutFilters } from "./view.ts";

/** Why no row is there, and the next step. */
export function EmptyList(props: { readonly model: PageModel }): JSX.Element {
  const { inventory, connection, retry } = useApp();
  const troubled = () => [...inventory.nodes().values()].filter(({ status }) => status !== "ONLINE");
  const lostReason = () => {
    const state = connection();
    return state.kind === "lost" ? state.reason : undefined;
  };
  return (
    <Switch fallback={<p class="reading">Reading the VMs …</p>}>
      <Match when={inventory.vms().size > 0}>
        <EmptyState title="No VM matches" icon="search">
          <p>Search for less, or take filters away.</p>
          <p class="actions">
            <button type="button" class="button" onClick={() => props.model.change(withoutFilters)}>
              Show all VMs
            </button>
          </p>
        </EmptyState>
      </Match>
      <Match when={inventory.isComplete() && inventory.nodes().size === 0}>
        <EmptyState title="No hosts yet" icon="nodes">
          <p>
            Write your ESXi hosts into <code>hosts.yml</code> (start from <code>hosts.example.yml</code>) and save it:
            the server sees them at once, and their VMs appear here.
          </p>
        </EmptyState>
      </Match>
      <Match when={inventory.isComplete() && troubled().length > 0}>
        <EmptyState title="No VMs could be read" icon="warning">
          <ul class="troubles">
            <For each={troubled()}>
              {({ name, status, statusMessage }) => (
                <li>
                  <strong>{name}</strong>: {statusMessage ?? statusWords[status]}
                </li>
              )}
            </For>
          </ul>
        </EmptyState>
      </Match>
      <Match when={inventory.isComplete()}>
        <EmptyState title="No VMs" icon="vms">
          <p>The hosts answer, and none of them has a VM.</p>
          <p class="actions">
            <A class="button" data-look="main" href="/create">
              <Icon name="create" /> Create the first one
            </A>
          </p>
        </EmptyState>
      </Match>
      <Match when={connection().kind === "signedOut"}>
        <EmptyState title="You are not signed in" icon="help">
          <p>
            <A href="/sign-in">Sign in</A> to see the VMs.
          </p>
        </EmptyState>
      </Match>
      <Match when={lostReason()}>
        {(reason) => (
          <EmptyState title="No connection to the server" icon="warning">
            <p>{reason()} It is tried again by itself.</p>
            <p class="actions">
              <button type="button" class="button" onClick={retry}>
                Try now
              </button>
            </p>
          </EmptyState>
        )}
      </Match>
    </Switch>
  );
}
