import { createMemo, createUniqueId, For, type JSX, Show } from "solid-js";
import { type PowerWords, powerActions, whyNot } from "../../actions/power.ts";
import { isOld } from "../../api/connection.ts";
import { useApp } from "../../context.ts";
import type { PowerAction } from "../../gql/graphql.ts";
import type { VmProps } from "./values.ts";

export interface PowerActionsProps extends VmProps {
  readonly onAsk: (action: PowerAction) => void;
}

/** The graceful ways first; the forced ones stand at the other end. */
export function PowerActions(props: PowerActionsProps): JSX.Element {
  return (
    <div class="vm-power" role="group" aria-label="Power">
      <div class="vm-power-group">
        <For each={powerActions.filter(({ isForced }) => !isForced)}>
          {(words) => <PowerButton {...props} words={words} />}
        </For>
      </div>
      <div
        class="vm-power-group vm-power-forced"
        role="group"
        aria-label="Forced: what the guest has not saved is lost"
      >
        <span class="vm-power-label" aria-hidden="true">
          Forced
        </span>
        <For each={powerActions.filter(({ isForced }) => isForced)}>
          {(words) => <PowerButton {...props} words={words} />}
        </For>
      </div>
    </div>
  );
}

/** One that can't be pressed can be reached all the same, and says why. */
function PowerButton(props: PowerActionsProps & { readonly words: PowerWords }): JSX.Element {
  const { connection, inventory } = useApp();
  const reasonId = createUniqueId();
  const why = createMemo(() => {
    if (isOld(connection())) return "There is no connection to the server.";
    if (inventory.about()?.viewer.permissions.includes("OPERATE") === false) return "You may see, but not operate.";
    const reason = whyNot(props.vm(), props.words.action);
    return reason === undefined ? undefined : `${props.vm().name} ${reason}.`;
  });
  return (
    <>
      <button
        type="button"
        class="button"
        data-look={props.words.isForced ? "danger" : undefined}
        aria-disabled={why() !== undefined}
        aria-describedby={reasonId}
        title={why() ?? props.words.meaning}
        onClick={() => why() === undefined && props.onAsk(props.words.action)}
      >
        {props.words.verb}
      </button>
      <span class="unseen" id={reasonId}>
        <Show when={why()} fallback={props.words.meaning}>
          {why()}
        </Show>
      </span>
    </>
  );
}
