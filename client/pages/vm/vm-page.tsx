import { A, useParams } from "@solidjs/router";
import { createMemo, type JSX, Match, Switch } from "solid-js";
import { useApp } from "../../context.ts";
import type { Vm } from "../../inventory/state.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { VmDetail } from "./vm-detail.tsx";
import "./vm.css";

/** One VM. It follows the inventory: whatever happens to the VM happens here. */
export function VmPage(): JSX.Element {
  const { inventory, connection, retry } = useApp();
  const params = useParams<{ id: string }>();
  const vm = inventory.vm(() => params.id);
  /** As it was when it was last there. */
  const last = createMemo<Vm | undefined>((before) => vm() ?? (before?.id === params.id ? before : undefined));
  const lostReason = () => {
    const state = connection();
    return state.kind === "lost" ? state.reason : undefined;
  };
  useTitle(() => last()?.name ?? "VM");
  return (
    <Switch fallback={<Reading />}>
      <Match when={vm()}>{(known) => <VmDetail vm={known} />}</Match>
      <Match when={inventory.isComplete() && last()}>{(gone) => <Gone vm={gone()} />}</Match>
      <Match when={inventory.isComplete()}>
        <h1 class="unseen">VM</h1>
        <EmptyState title="There is no such VM" icon="question">
          <p>It was deleted or unregistered, its node has left hosts.yml, or the link is mistyped.</p>
          <p class="actions">
            <A class="button" data-look="main" href="/vms">
              Go to the VMs
            </A>
          </p>
        </EmptyState>
      </Match>
      <Match when={lostReason()}>
        {(reason) => (
          <>
            <h1 class="unseen">VM</h1>
            <EmptyState title="No connection to the server" icon="warning">
              <p>{reason()} It is tried again by itself.</p>
              <p class="actions">
                <button type="button" class="button" onClick={retry}>
                  Try now
                </button>
              </p>
            </EmptyState>
          </>
        )}
      </Match>
    </Switch>
  );
}

function Gone(props: { readonly vm: Vm }): JSX.Element {
  return (
    <>
      <h1 class="unseen">{props.vm.name}</h1>
      <EmptyState title={`${props.vm.name} is gone`} icon="warning">
        <p>
          It was deleted or unregistered on {props.vm.node.name}, or this node has left hosts.yml. If it is registered
          again from the same files, it appears here by itself. What was done to it is still on record.
        </p>
        <p class="actions">
          <A class="button" href={`/vms?q=${encodeURIComponent(props.vm.name)}`}>
            Look for its name
          </A>
          <A class="button" href={`/tasks?node=${encodeURIComponent(props.vm.node.name)}`}>
            Tasks of the node
          </A>
          <A class="button" data-look="main" href="/vms">
            Go to the VMs
          </A>
        </p>
      </EmptyState>
    </>
  );
}

function Reading(): JSX.Element {
  return (
    <>
      <h1 class="unseen">VM</h1>
      <p class="vm-reading">Reading the VM …</p>
    </>
  );
}
