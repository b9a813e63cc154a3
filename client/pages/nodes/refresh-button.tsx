import { type JSX, Show } from "solid-js";
import type { Refresh } from "../../actions/refresh-node.ts";
import { isOld } from "../../api/connection.ts";
import { useApp } from "../../context.ts";
import type { Node } from "../../inventory/state.ts";
import { Icon } from "../../ui/icon.tsx";

export interface RefreshButtonProps {
  readonly node: Node;
  readonly refresh: Refresh;
}

export function RefreshButton(props: RefreshButtonProps): JSX.Element {
  const { connection } = useApp();
  const why = () => {
    if (props.node.status === "DISABLED") return "The node is switched off in hosts.yml";
    return isOld(connection()) ? "There is no connection to the server" : undefined;
  };
  return (
    <button
      type="button"
      class="button"
      disabled={why() !== undefined}
      title={why() ?? "Look at it in full now"}
      aria-busy={props.refresh.isUnderWay()}
      onClick={() => void props.refresh.start()}
    >
      <Show when={props.refresh.isUnderWay()} fallback={<Icon name="refresh" />}>
        <span class="spinner" aria-hidden="true" />
      </Show>
      Refresh
      <span class="unseen"> {props.node.name}</span>
    </button>
  );
}

export function RefreshFailure(props: { readonly refresh: Refresh }): JSX.Element {
  return (
    <div role="status" class="refresh-failure">
      <Show when={!props.refresh.isUnderWay() && props.refresh.failure()}>
        {(message) => (
          <p>
            <Icon name="warning" /> <strong>Refreshing failed.</strong> {message()}
          </p>
        )}
      </Show>
    </div>
  );
}
