import { type JSX } from "solid-js";
import { EmptyState } from "../ui/empty-state.tsx";

/** A fault in the page itself. The rest of the client goes on. */
export function PageFailure(props: { readonly error: unknown; readonly onRetry: () => void }): JSX.Element {
  const message = () => (props.error instanceof Error ? props.error.message : String(props.error));
  return (
    <EmptyState title="This page failed" icon="warning">
      <p>
        {message()}. If the server was updated while this page was open, reload it; otherwise please report this
        message.
      </p>
      <p class="actions">
        <button type="button" class="button" onClick={props.onRetry}>
          Try again
        </button>
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload
        </button>
      </p>
    </EmptyState>
  );
}
