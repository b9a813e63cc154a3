import { A } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import { useRefresh } from "../../actions/refresh-node.ts";
import { isOld } from "../../api/connection.ts";
import { useApp } from "../../context.ts";
import { powerWords } from "../../format/words.ts";
import { Icon } from "../../ui/icon.tsx";
import { hostUiUrl } from "./links.ts";
import type { VmProps } from "./values.ts";

/** Its name, where it runs, and the ways to its node. */
export function VmHead(props: VmProps): JSX.Element {
  const { inventory } = useApp();
  const node = inventory.node(() => props.vm().node.name);
  const hostUi = createMemo(() => hostUiUrl(node()?.address ?? "", props.vm().vmid));
  const nodeName = createMemo(() => props.vm().node.name);
  return (
    <header class="vm-head">
      <div class="vm-name">
        <nav aria-label="Where this is">
          <A href="/vms">VMs</A>
          <span aria-hidden="true"> / </span>
        </nav>
        <h1>{props.vm().name}</h1>
        <span class="power" data-power={props.vm().powerState}>
          <span class="power-sign" aria-hidden="true" />
          {powerWords[props.vm().powerState]}
        </span>
        <span class="soft">
          on <A href={`/nodes/${encodeURIComponent(nodeName())}`}>{nodeName()}</A>
        </span>
      </div>
      <div class="vm-ways">
        <Show when={hostUi()}>
          {(url) => (
            <a class="button" href={url()} target="_blank" rel="noopener noreferrer">
              <Icon name="external" /> Host UI
              <span class="unseen"> of {nodeName()}, in a new tab</span>
            </a>
          )}
        </Show>
        <RefreshNode name={nodeName()} />
      </div>
    </header>
  );
}

function RefreshNode(props: { readonly name: string }): JSX.Element {
  const { inventory, connection, toasts } = useApp();
  const refresh = useRefresh(() => props.name);
  const node = inventory.node(() => props.name);
  const why = () => {
    if (isOld(connection())) return "There is no connection to the server";
    return node()?.status === "DISABLED" ? "The node is switched off in hosts.yml" : undefined;
  };
  async function start(): Promise<void> {
    await refresh.start();
    // How the task ends is told by its own message.
    const failure = refresh.failure();
    if (!refresh.isUnderWay() && failure !== undefined) toasts.show({ tone: "bad", text: failure });
  }
  return (
    <button
      type="button"
      class="button"
      disabled={why() !== undefined}
      title={why() ?? `Look at ${props.name} in full now`}
      aria-busy={refresh.isUnderWay()}
      onClick={() => void start()}
    >
      <Show when={refresh.isUnderWay()} fallback={<Icon name="refresh" />}>
        <span class="spinner" aria-hidden="true" />
      </Show>
      Refresh
      <span class="unseen"> {props.name}</span>
    </button>
  );
}
